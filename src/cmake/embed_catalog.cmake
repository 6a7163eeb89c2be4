# Writes the catalogue's JSON files into one C++ source file, sorted by name; see catalog/embedded.hpp.
#
#   cmake -DLIST=catalog_files.cmake -DOUTPUT=catalog_data.cpp -P embed_catalog.cmake
#
# LIST sets function_files, rule_files, schedule_files and procedure_files. File contents are only ever expanded inside
# quotes: as CMake list elements, their semicolons and brackets would be taken apart.
cmake_minimum_required(VERSION 3.25)

include("${LIST}")

# What every compiler accepts: MSVC limits one literal, the standard the whole of adjacent ones.
set(piece_bytes 8000)
set(file_bytes 65000)

# Sets `result` to `text` as adjacent raw string literals, cut behind a newline where possible and never
# inside a UTF-8 sequence. `name`, for messages, comes from the caller.
function(to_literal text result)
  string(FIND "${text}" ")json\"" clash)
  if(NOT clash EQUAL -1)
    message(FATAL_ERROR "catalogue file ${name} contains the raw string's end mark )json\"")
  endif()
  set(literal "")
  string(LENGTH "${text}" length)
  if(length GREATER file_bytes)
    message(FATAL_ERROR "catalogue file ${name} has ${length} bytes; the limit is ${file_bytes}")
  endif()
  while(length GREATER piece_bytes)
    string(SUBSTRING "${text}" 0 ${piece_bytes} piece)
    foreach(separator IN ITEMS "\n" "," " ")
      string(FIND "${piece}" "${separator}" cut REVERSE)
      if(NOT cut EQUAL -1)
        break()
      endif()
    endforeach()
    if(cut EQUAL -1)
      message(FATAL_ERROR "catalogue file ${name} has no newline, comma or space within ${piece_bytes} bytes")
    endif()
    math(EXPR cut "${cut} + 1")
    string(SUBSTRING "${text}" 0 ${cut} piece)
    string(SUBSTRING "${text}" ${cut} -1 text)
    string(APPEND literal "R\"json(${piece})json\"\n     ")
    string(LENGTH "${text}" length)
  endwhile()
  set(${result} "${literal}R\"json(${text})json\"" PARENT_SCOPE)
endfunction()

# Appends to `code` the definition of embedded_<kind> and of its count.
function(append_table kind files)
  set(names "")
  foreach(file IN LISTS files)
    cmake_path(GET file FILENAME name)
    string(REGEX REPLACE "\\.json$" "" name "${name}")
    list(APPEND names "${name}")
    set(path_of_${name} "${file}")
  endforeach()
  list(SORT names COMPARE STRING)

  set(entries "")
  foreach(name IN LISTS names)
    file(READ "${path_of_${name}}" text)
    to_literal("${text}" literal)
    string(APPEND entries "    {\"${name}\",\n     ${literal}},\n")
  endforeach()
  list(LENGTH names count)
  if(count EQUAL 0)
    set(entries "    {},  // an array needs an element\n")
  endif()
  string(APPEND code
    "\nextern const EmbeddedFile embedded_${kind}[] = {\n${entries}};\n"
    "extern const std::size_t embedded_${kind}_count = ${count};\n")
  set(code "${code}" PARENT_SCOPE)
endfunction()

# Appends to `code` the table of all aliases ("aliases": […]) in the files, sorted.
function(append_aliases files)
  set(rows "")
  foreach(file IN LISTS files)
    cmake_path(GET file FILENAME name)
    string(REGEX REPLACE "\\.json$" "" name "${name}")
    file(READ "${file}" text)
    string(JSON count ERROR_VARIABLE none LENGTH "${text}" aliases)
    if(none)
      continue()
    endif()
    math(EXPR last "${count} - 1")
    foreach(i RANGE ${last})
      string(JSON alias GET "${text}" aliases ${i})
      list(APPEND rows "{\"${alias}\", \"${name}\"}")
    endforeach()
  endforeach()
  list(SORT rows COMPARE STRING)
  list(LENGTH rows count)
  list(APPEND rows "{}")  # an array needs an element
  list(JOIN rows ",\n    " rows)
  string(APPEND code
    "\nextern const EmbeddedAlias embedded_function_aliases[] = {\n    ${rows}};\n"
    "extern const std::size_t embedded_function_aliases_count = ${count};\n")
  set(code "${code}" PARENT_SCOPE)
endfunction()

set(code "// Generated from src/catalog/*/*.json; do not edit.\n#include \"catalog/embedded.hpp\"\n\n")
string(APPEND code "namespace optexplore::catalog {\n")
append_table(functions "${function_files}")
append_aliases("${function_files}")
append_table(rules "${rule_files}")
append_table(schedules "${schedule_files}")
append_table(procedures "${procedure_files}")
string(APPEND code "\n}  // namespace optexplore::catalog\n")
file(WRITE "${OUTPUT}" "${code}")
