# Finds RapidJSON (a JSON reader, header only) and defines RapidJSON::RapidJSON, which its own CMake package does only
# in some distributions.
find_path(RAPIDJSON_INCLUDE_DIR rapidjson/reader.h)
mark_as_advanced(RAPIDJSON_INCLUDE_DIR)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(RapidJSON REQUIRED_VARS RAPIDJSON_INCLUDE_DIR)

if(RapidJSON_FOUND AND NOT TARGET RapidJSON::RapidJSON)
  add_library(RapidJSON::RapidJSON INTERFACE IMPORTED)
  set_target_properties(RapidJSON::RapidJSON PROPERTIES
    INTERFACE_INCLUDE_DIRECTORIES "${RAPIDJSON_INCLUDE_DIR}")
endif()
