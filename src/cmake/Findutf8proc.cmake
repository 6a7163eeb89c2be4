# Finds utf8proc (UTF-8 and properties of characters, https://juliastrings.github.io/utf8proc) and defines
# utf8proc::utf8proc. Debian's package has no CMake files. Installed beside optexploreConfig.cmake, as users of the
# static library need it.
find_path(UTF8PROC_INCLUDE_DIR utf8proc.h)
find_library(UTF8PROC_LIBRARY utf8proc)
mark_as_advanced(UTF8PROC_INCLUDE_DIR UTF8PROC_LIBRARY)

if(UTF8PROC_INCLUDE_DIR)
  file(STRINGS "${UTF8PROC_INCLUDE_DIR}/utf8proc.h" utf8proc_version_lines
    REGEX "^#define UTF8PROC_VERSION_(MAJOR|MINOR|PATCH) [0-9]+")
  string(REGEX REPLACE "#define UTF8PROC_VERSION_[A-Z]+ ([0-9]+)[^;]*" "\\1" utf8proc_version_numbers
    "${utf8proc_version_lines}")
  list(JOIN utf8proc_version_numbers "." utf8proc_VERSION)
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(utf8proc
  REQUIRED_VARS UTF8PROC_LIBRARY UTF8PROC_INCLUDE_DIR
  VERSION_VAR utf8proc_VERSION)

if(utf8proc_FOUND AND NOT TARGET utf8proc::utf8proc)
  add_library(utf8proc::utf8proc UNKNOWN IMPORTED)
  set_target_properties(utf8proc::utf8proc PROPERTIES
    IMPORTED_LOCATION "${UTF8PROC_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${UTF8PROC_INCLUDE_DIR}")
endif()
