# `cmake --install` puts the program in place.
include(GNUInstallDirs)
install(TARGETS mote_program RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
