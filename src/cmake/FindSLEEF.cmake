# Finds SLEEF (vectorised elementary functions, https://sleef.org) and defines SLEEF::sleef. Releases before
# 3.6 ship no CMake package. Installed beside optexploreConfig.cmake, as users of the static library need it.
find_path(SLEEF_INCLUDE_DIR sleef.h)
find_library(SLEEF_LIBRARY sleef)
mark_as_advanced(SLEEF_INCLUDE_DIR SLEEF_LIBRARY)

if(SLEEF_INCLUDE_DIR)
  file(STRINGS "${SLEEF_INCLUDE_DIR}/sleef.h" sleef_version_lines
    REGEX "^#define SLEEF_VERSION_(MAJOR|MINOR|PATCHLEVEL) [0-9]+")
  string(REGEX REPLACE "[^0-9;]" "" sleef_version_numbers "${sleef_version_lines}")
  list(JOIN sleef_version_numbers "." SLEEF_VERSION)
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(SLEEF
  REQUIRED_VARS SLEEF_LIBRARY SLEEF_INCLUDE_DIR
  VERSION_VAR SLEEF_VERSION)

if(SLEEF_FOUND AND NOT TARGET SLEEF::sleef)
  add_library(SLEEF::sleef UNKNOWN IMPORTED)
  set_target_properties(SLEEF::sleef PROPERTIES
    IMPORTED_LOCATION "${SLEEF_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${SLEEF_INCLUDE_DIR}")
endif()
