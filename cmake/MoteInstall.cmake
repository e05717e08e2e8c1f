# `cmake --install` puts in place the program, the library mote::mote with its headers, and what
# find_package(mote) reads. Nothing of it needs this tree, and the prefix can be moved.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

# mote_collect_libraries(<result> <target>...)
#
# The targets of this project that the given ones stand on, they themselves included.
function(mote_collect_libraries result)
  set(found "")
  set(waiting ${ARGN})
  while(NOT "${waiting}" STREQUAL "")
    list(POP_FRONT waiting target)
    if(NOT TARGET ${target} OR target IN_LIST found)
      continue()
    endif()
    get_target_property(imported ${target} IMPORTED)
    if(NOT imported)
      list(APPEND found ${target})
      get_target_property(links ${target} LINK_LIBRARIES)
      list(APPEND waiting ${links})
    endif()
  endwhile()
  set(${result} ${found} PARENT_SCOPE)
endfunction()

# The layers stay archives of their own, so that an optional backend only adds one; mote::mote is
# the one name to rely on.
add_library(mote INTERFACE)
add_library(mote::mote ALIAS mote)
target_link_libraries(mote INTERFACE mote_run mote_report)
target_compile_features(mote INTERFACE cxx_std_20)
mote_collect_libraries(mote_libraries mote_run mote_report)

# A library that was found outside the system's folders is still found by the installed program.
set_target_properties(mote_program PROPERTIES INSTALL_RPATH_USE_LINK_PATH ON)
install(TARGETS mote_program RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(TARGETS mote ${mote_libraries} EXPORT mote-targets
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
        INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})

# What stands directly in a layer; not the command line, the insides of a backend, or what only
# tests use.
install(DIRECTORY ${PROJECT_SOURCE_DIR}/mote/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/mote
        FILES_MATCHING PATTERN "*.h" PATTERN "*.def"
        REGEX "/mote/(cli|backends/[^./]+)$" EXCLUDE
        REGEX "/((test|fake)_[^/]*|[^/]*_testing)\\.h$" EXCLUDE)

set(mote_package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/mote)
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/mote-config.cmake.in
                              ${PROJECT_BINARY_DIR}/mote-config.cmake
                              INSTALL_DESTINATION ${mote_package_folder}
                              NO_SET_AND_CHECK_MACRO)
# Before 1.0 a minor version may break what was built on another.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/mote-config-version.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/mote-config.cmake
              ${PROJECT_BINARY_DIR}/mote-config-version.cmake
        DESTINATION ${mote_package_folder})
install(EXPORT mote-targets NAMESPACE mote:: DESTINATION ${mote_package_folder})
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
