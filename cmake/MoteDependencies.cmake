# Every library mote builds on, found on the system; nothing is downloaded.
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(ZLIB REQUIRED)
find_package(JPEG REQUIRED)
find_package(PNG REQUIRED)
find_path(XXHASH_INCLUDE_DIR xxhash.h REQUIRED)
find_package(HWY 1.0 REQUIRED)
find_package(Eigen3 3.4 REQUIRED NO_MODULE)

# Report pages carry Chart.js along.
find_file(MOTE_CHART_JS chart.min.js
          PATHS /usr/share/javascript/chart.js /usr/share/nodejs/chart.js/dist
          DOC "Chart.js 3, minified, for the pages of mote report")
if(NOT MOTE_CHART_JS)
  message(FATAL_ERROR "mote: Chart.js was not found; install Debian's libjs-chart.js, or set "
                      "MOTE_CHART_JS to a chart.min.js of version 3")
endif()

# libtorch is optional: it is one backend and the oracle of the tests. Its own CMake package adds
# global flags, so it is looked for here once and used only by mote/backends/torch.
set(MOTE_TORCH_FOUND OFF)
if(NOT MOTE_WITH_TORCH STREQUAL "OFF")
  if(MOTE_WITH_TORCH STREQUAL "ON")
    find_package(Torch REQUIRED)
  else()
    find_package(Torch QUIET)
  endif()
  set(MOTE_TORCH_FOUND ${Torch_FOUND})
endif()
message(STATUS "mote: libtorch backend ${MOTE_TORCH_FOUND}")

if(MOTE_DEVELOPER_MODE)
  enable_testing()
  include(GoogleTest)
  find_package(GTest REQUIRED)
endif()
