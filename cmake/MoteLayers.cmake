# A layer is a folder of mote/ that sees only the layers below it (CONTRIBUTING.md). A component is one
# .cc file of a layer that announces itself by name.

# mote_layer(<name> [COLD] SOURCES <file>... [BELOW <layer>...] [LINK <library>...] [TESTS <file>...])
#
# Declares the library mote_<name> and, in developer mode, the program mote_<name>_test, which
# holds the layer's unit tests. BELOW names the layers it may include. No time is spent in a layer that
# is COLD.
function(mote_layer name)
  cmake_parse_arguments(ARG "COLD" "" "SOURCES;BELOW;LINK;TESTS" ${ARGN})
  add_library(mote_${name} STATIC ${ARG_SOURCES})
  mote_unite(mote_${name})
  if(MOTE_UNITE AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # Collecting garbage takes a tenth of such a compilation, and saves memory that machines have.
    target_compile_options(mote_${name} PRIVATE --param=ggc-min-heapsize=500000)
  endif()
  if(ARG_COLD)
    mote_cold(mote_${name})
  endif()
  target_include_directories(mote_${name} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>
                                                 $<BUILD_INTERFACE:${PROJECT_BINARY_DIR}/generated>)
  target_link_libraries(mote_${name} PUBLIC $<BUILD_INTERFACE:mote_compile_options>)
  foreach(layer IN LISTS ARG_BELOW)
    target_link_libraries(mote_${name} PUBLIC mote_${layer})
  endforeach()
  target_link_libraries(mote_${name} PUBLIC ${ARG_LINK})
  set_property(GLOBAL APPEND PROPERTY MOTE_LAYERS ${name})
  if(MOTE_DEVELOPER_MODE AND ARG_TESTS)
    mote_test(mote_${name}_test SOURCES ${ARG_TESTS} LINK mote_${name})
  endif()
endfunction()

# mote_cold(<target>): nearly no time is spent in it, so the compiler spends less on it, too.
function(mote_cold target)
  target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O1>)
endfunction()

# mote_unite(<target>): with MOTE_UNITE, the sources of the target are compiled together, some dozens
# at a time: a whole build reads every header a few times instead of hundreds of times.
function(mote_unite target)
  set_target_properties(${target} PROPERTIES UNITY_BUILD ${MOTE_UNITE} UNITY_BUILD_BATCH_SIZE 40)
endfunction()

# mote_test(<target> SOURCES <file>... LINK <library>... [LABELS <label>])
function(mote_test target)
  cmake_parse_arguments(ARG "" "LABELS" "SOURCES;LINK" ${ARGN})
  if(NOT ARG_LABELS)
    set(ARG_LABELS unit)
  endif()
  add_executable(${target} ${ARG_SOURCES})
  target_link_libraries(${target} PRIVATE ${ARG_LINK} GTest::gmock_main)
  target_compile_definitions(${target} PRIVATE MOTE_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  gtest_discover_tests(${target} PROPERTIES LABELS "${ARG_LABELS}" DISCOVERY_MODE PRE_TEST)
endfunction()

# mote_component(<kind> <name> [LINK <library>...])
#
# Adds <name>.cc of the current folder to the layer that owns <kind>, its <name>_test.cc to the
# layer's tests if there is one, and the name to the list that mote/run/builtin.cc expands into
# explicit calls: nothing depends on the linker keeping a self-registering object alive.
function(mote_component kind name)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  set(layer_of_estimator estimate)
  set(layer_of_preset estimate)
  set(layer_of_ranking estimate)
  set(layer_of_dataset data)
  set(layer_of_space space)
  set(layer_of_strategy search)
  set(layer_of_backend backends)
  set(layer ${layer_of_${kind}})
  if(NOT layer)
    message(FATAL_ERROR "mote_component: unknown kind '${kind}'")
  endif()
  target_sources(mote_${layer} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/${name}.cc)
  target_link_libraries(mote_${layer} PUBLIC ${ARG_LINK})
  if(MOTE_DEVELOPER_MODE AND EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${name}_test.cc)
    target_sources(mote_${layer}_test PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/${name}_test.cc)
  endif()
  set_property(GLOBAL APPEND PROPERTY MOTE_COMPONENTS "MOTE_COMPONENT(${kind}, ${name})")
endfunction()

# Writes the list of all components, in the order of their declaration, to
# <build>/generated/mote/run/components.inc.
function(mote_write_components)
  get_property(components GLOBAL PROPERTY MOTE_COMPONENTS)
  list(JOIN components "\n" text)
  file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/generated/mote/run/components.inc
       CONTENT "${text}\n" @ONLY)
endfunction()
