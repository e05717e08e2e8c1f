include(GNUInstallDirs)
# filled with the program
