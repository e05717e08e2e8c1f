# cmake -DOUTPUT=... -DCHART=... -DSTYLES=a.css;b.css -DSCRIPTS=a.js;b.js -P EmbedPage.cmake
#
# Writes the texts that every report page carries along as a C++ source (mote/report/page_assets.h).
# The scripts become one, in a function of its own so that nothing of them is global.
function(read_text result)
  set(text "")
  foreach(path IN LISTS ARGN)
    file(READ "${path}" part)
    string(FIND "${part}" ")mote\"" quote)
    string(FIND "${part}" "</s" end_tag)
    if(NOT quote EQUAL -1 OR NOT end_tag EQUAL -1)
      message(FATAL_ERROR "mote: '${path}' cannot stand in a page: it holds )mote\" or </s")
    endif()
    string(APPEND text "${part}")
  endforeach()
  set(${result} "${text}" PARENT_SCOPE)
endfunction()

read_text(style ${STYLES})
read_text(scripts ${SCRIPTS})
read_text(chart ${CHART})
file(WRITE "${OUTPUT}" "// Made by cmake/EmbedPage.cmake.
#include \"mote/report/page_assets.h\"

namespace mote {

const std::string_view kPageStyle = R\"mote(${style})mote\";
const std::string_view kPageScripts = R\"mote((() => {
'use strict';
${scripts}})();
)mote\";
const std::string_view kChartScript = R\"mote(${chart})mote\";

}  // namespace mote
")
