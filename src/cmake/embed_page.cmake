# Writes the files of the interactive page into one C++ source file; see picture/page/page.hpp.
#
#   cmake -DFOLDER=src/picture/page/web -DOUTPUT=page_data.cpp -P embed_page.cmake
#
# order.txt says in which order the scripts follow one another.
cmake_minimum_required(VERSION 3.25)

# Sets `result` to `text` as a raw string literal.
function(to_literal text name result)
  string(FIND "${text}" ")page\"" clash)
  if(NOT clash EQUAL -1)
    message(FATAL_ERROR "${name} contains the raw string's end mark )page\"")
  endif()
  set(${result} "R\"page(${text})page\"" PARENT_SCOPE)
endfunction()

set(code "// Generated from src/picture/page/web; do not edit.\n#include \"picture/page/page.hpp\"\n\nnamespace optexplore::picture {\n")
foreach(part IN ITEMS page.html style.css)
  file(READ "${FOLDER}/${part}" text)
  to_literal("${text}" "${part}" literal)
  string(REGEX REPLACE "\\..*" "" name "${part}")
  string(APPEND code "\nextern const std::string_view page_${name} =\n    ${literal};\n")
endforeach()
file(STRINGS "${FOLDER}/order.txt" scripts)
string(APPEND code "\nextern const std::string_view page_scripts[] = {\n")
list(LENGTH scripts count)
foreach(script IN LISTS scripts)
  file(READ "${FOLDER}/${script}" text)
  to_literal("${text}" "${script}" literal)
  string(APPEND code "    ${literal},\n")
endforeach()
string(APPEND code "};\nextern const std::size_t page_scripts_count = ${count};\n\n}  // namespace optexplore::picture\n")
file(WRITE "${OUTPUT}" "${code}")
