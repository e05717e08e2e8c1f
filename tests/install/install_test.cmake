# Installs a build, moves what it installed, and builds and runs a consumer against it, all outside
# the source tree. Run with cmake -P; see CMakeLists.txt for what it is given.
cmake_minimum_required(VERSION 3.25)

if(DEFINED ENV{TMPDIR})
  set(folder $ENV{TMPDIR})
else()
  set(folder /tmp)
endif()
string(RANDOM LENGTH 12 name)
string(APPEND folder /mote_install_${name})
set(prefix ${folder}/moved)

function(fail text)
  file(REMOVE_RECURSE ${folder})
  message(FATAL_ERROR "${text}")
endfunction()

# run(<result> <command>...): its output, if it succeeds.
function(run result)
  execute_process(COMMAND ${ARGN} WORKING_DIRECTORY ${folder} RESULT_VARIABLE code
                  OUTPUT_VARIABLE output ERROR_VARIABLE complaints)
  if(NOT code EQUAL 0)
    list(JOIN ARGN " " command)
    fail("${command}\nended with ${code}:\n${output}${complaints}")
  endif()
  set(${result} "${output}" PARENT_SCOPE)
endfunction()

function(expect_match text pattern)
  if(NOT text MATCHES "${pattern}")
    fail("expected '${pattern}' in:\n${text}")
  endif()
endfunction()

# Install for one place below another (DESTDIR), then use it at a third.
file(MAKE_DIRECTORY ${folder})
set(stage ${MOTE_BUILD}/tests/install/stage)
file(REMOVE_RECURSE ${stage})
run(ignored ${CMAKE_COMMAND} -E env DESTDIR=${stage}
    ${CMAKE_COMMAND} --install ${MOTE_BUILD} --prefix /opt/mote-of-the-test)
file(COPY ${stage}/opt/mote-of-the-test/ DESTINATION ${prefix})
file(REMOVE_RECURSE ${stage})

foreach(path bin/mote include/mote/run/session.h share/doc/mote/LICENSE
             ${LIBRARY_FOLDER}/cmake/mote/mote-config.cmake)
  if(NOT EXISTS ${prefix}/${path})
    fail("not installed: ${path}")
  endif()
endforeach()
file(GLOB_RECURSE private RELATIVE ${prefix} ${prefix}/include/*_test* ${prefix}/include/*test_*
     ${prefix}/include/*fake_* ${prefix}/include/mote/cli/* ${prefix}/include/mote/backends/*/*)
if(private)
  fail("installed, but not meant for others: ${private}")
endif()

# Headers and package files name no place of the build, nor the one it was installed for.
file(GLOB_RECURSE texts ${prefix}/include/* ${prefix}/share/* ${prefix}/${LIBRARY_FOLDER}/cmake/*)
foreach(text IN LISTS texts)
  file(READ ${text} content)
  foreach(place ${MOTE_SOURCE} ${MOTE_BUILD} /opt/mote-of-the-test)
    string(FIND "${content}" "${place}" found)
    if(NOT found EQUAL -1)
      fail("${text} names ${place}")
    endif()
  endforeach()
endforeach()

# expect_version(<asked> <accepted>): what find_package would make of it.
function(expect_version asked accepted)
  set(PACKAGE_FIND_VERSION ${asked})
  string(REGEX MATCH "^[0-9]+" PACKAGE_FIND_VERSION_MAJOR ${asked})
  string(REGEX REPLACE "^[0-9]+\\.([0-9]+).*" "\\1" PACKAGE_FIND_VERSION_MINOR ${asked})
  include(${prefix}/${LIBRARY_FOLDER}/cmake/mote/mote-config-version.cmake)
  if((accepted AND NOT PACKAGE_VERSION_COMPATIBLE) OR
     (NOT accepted AND PACKAGE_VERSION_COMPATIBLE))
    fail("version ${MOTE_VERSION}, asked for ${asked}: compatible is not ${accepted}")
  endif()
endfunction()
expect_version(${MOTE_VERSION} TRUE)
expect_version(999.0 FALSE)
expect_version(0.0 FALSE)

# A consumer that knows nothing but the prefix.
file(COPY ${CMAKE_CURRENT_LIST_DIR}/consumer DESTINATION ${folder})
file(GLOB_RECURSE headers RELATIVE ${prefix}/include ${prefix}/include/*.h)
list(TRANSFORM headers REPLACE "(.+)" "#include \"\\1\"\n")
file(WRITE ${folder}/consumer/every_header.cc ${headers})
run(output ${CMAKE_COMMAND} -S consumer -B build -G ${GENERATOR} -DCMAKE_BUILD_TYPE=Release
    -DCMAKE_CXX_COMPILER=${COMPILER} -DCMAKE_CXX_COMPILER_LAUNCHER=${LAUNCHER}
    -DCMAKE_PREFIX_PATH=${prefix})
expect_match("${output}" "mote ${MOTE_VERSION} of ${prefix}/")
run(ignored ${CMAKE_COMMAND} --build build --parallel 2)

# Counts as published by Dong & Yang 2020; the score is what the installed program says.
set(cell 333123)
run(output build/consumer ${cell})
expect_match("${output}" "params 1073466\nmacs 153272970\nmote -?[0-9.e-]+\n")
string(REGEX MATCH "mote ([^\n]+)" ignored "${output}")
set(score ${CMAKE_MATCH_1})
run(output ${prefix}/bin/mote score --arch ${cell} --data noise --preset faster
    --set faster.epochs=1 --set faster.images=64 --store none --format csv --quiet)
string(REGEX MATCH ",([^,\n]+)\n$" ignored "${output}")
if(NOT CMAKE_MATCH_1 STREQUAL score)
  fail("the consumer's score is ${score}, the program's:\n${output}")
endif()
file(REMOVE_RECURSE ${folder})
