# Language level, floating-point contract and warnings, the same for every target.
#
# Results must not depend on how the optimiser regroups a sum: no -ffast-math anywhere, and
# contraction to FMA only where the source asks for it.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
endif()

add_library(mote_compile_options INTERFACE)
target_compile_options(mote_compile_options INTERFACE -ffp-contract=off)
if(MOTE_DEVELOPER_MODE)
  target_compile_options(mote_compile_options INTERFACE -Wall -Wextra -Wshadow
                         -Wnon-virtual-dtor -Woverloaded-virtual)
endif()

find_program(MOTE_CCACHE ccache)
if(MOTE_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${MOTE_CCACHE})
endif()
