# Third-party libraries: the system's, or a pinned download of the same version.
#
# Sets optexplore_header_dependencies (needed to compile only), and what whoever links a static library needs too:
# optexplore_core_dependencies (of the core) and optexplore_other_dependencies (of the rest). All their headers count as
# system headers, so that our warning flags do not apply to them.
include(FetchContent)

set(OPTEXPLORE_FETCH AUTO CACHE STRING
  "Download dependencies: AUTO (those the system lacks), ON (all), OFF (none)")
set_property(CACHE OPTEXPLORE_FETCH PROPERTY STRINGS AUTO ON OFF)
string(TOUPPER "${OPTEXPLORE_FETCH}" fetch_mode)
if(NOT fetch_mode MATCHES "^(AUTO|ON|OFF)$")
  message(FATAL_ERROR "OPTEXPLORE_FETCH is '${OPTEXPLORE_FETCH}'; expected AUTO, ON or OFF")
endif()

# optexplore_dependency(<package> <minimum version> TARGET <imported target> DEBIAN <Debian package>
#                       <arguments of FetchContent_Declare>...)
# A macro, so that what find_package and the downloaded projects set is visible here.
macro(optexplore_dependency package version)
  cmake_parse_arguments(dependency "" "TARGET;DEBIAN" "" ${ARGN})
  if(NOT TARGET ${dependency_TARGET} AND NOT fetch_mode STREQUAL "ON")
    find_package(${package} ${version} QUIET)
  endif()
  if(TARGET ${dependency_TARGET})
    message(STATUS "${package}: found on the system")
  elseif(fetch_mode STREQUAL "OFF")
    message(FATAL_ERROR "${package} ${version} or newer was not found. Install it (Debian and Ubuntu: "
      "apt-get install ${dependency_DEBIAN}) or configure with -DOPTEXPLORE_FETCH=AUTO to download it.")
  else()
    message(STATUS "${package}: downloading")
    FetchContent_Declare(${package} ${dependency_UNPARSED_ARGUMENTS} GIT_SHALLOW TRUE SYSTEM)
    FetchContent_MakeAvailable(${package})
  endif()
endmacro()

# Lets the plain variables below set options of downloaded projects, also of those that ask for an old CMake.
set(CMAKE_POLICY_DEFAULT_CMP0077 NEW)
set(CMAKE_POLICY_VERSION_MINIMUM 3.5)

set(JSON_BuildTests OFF)
set(JSON_Install OFF)
optexplore_dependency(nlohmann_json 3.11 TARGET nlohmann_json::nlohmann_json DEBIAN nlohmann-json3-dev
  GIT_REPOSITORY https://github.com/nlohmann/json.git GIT_TAG v3.11.2)

# Header only: the sub-folder has no CMakeLists.txt, so nothing of it is built.
optexplore_dependency(RapidJSON "" TARGET RapidJSON::RapidJSON DEBIAN rapidjson-dev
  GIT_REPOSITORY https://github.com/Tencent/rapidjson.git GIT_TAG v1.1.0 SOURCE_SUBDIR include)
if(NOT TARGET RapidJSON::RapidJSON)
  add_library(RapidJSON::RapidJSON INTERFACE IMPORTED GLOBAL)
  target_include_directories(RapidJSON::RapidJSON INTERFACE "${rapidjson_SOURCE_DIR}/include")
endif()

set(CLI11_BUILD_TESTS OFF)
set(CLI11_BUILD_EXAMPLES OFF)
set(CLI11_BUILD_DOCS OFF)
set(CLI11_INSTALL OFF)
optexplore_dependency(CLI11 2.1 TARGET CLI11::CLI11 DEBIAN libcli11-dev
  GIT_REPOSITORY https://github.com/CLIUtils/CLI11.git GIT_TAG v2.1.2)

set(FMT_INSTALL ON)
optexplore_dependency(fmt 9.1 TARGET fmt::fmt DEBIAN libfmt-dev
  GIT_REPOSITORY https://github.com/fmtlib/fmt.git GIT_TAG 9.1.0)

# Header only, as RapidJSON.
optexplore_dependency(Eigen3 3.4 TARGET Eigen3::Eigen DEBIAN libeigen3-dev
  GIT_REPOSITORY https://gitlab.com/libeigen/eigen.git GIT_TAG 3.4.0 SOURCE_SUBDIR cmake)
if(NOT TARGET Eigen3::Eigen)
  add_library(Eigen3::Eigen INTERFACE IMPORTED GLOBAL)
  target_include_directories(Eigen3::Eigen INTERFACE "${eigen3_SOURCE_DIR}")
endif()

# Header only, as RapidJSON.
optexplore_dependency(Random123 "" TARGET Random123::Random123 DEBIAN librandom123-dev
  GIT_REPOSITORY https://github.com/DEShawResearch/random123.git GIT_TAG v1.14.0 SOURCE_SUBDIR include)
if(NOT TARGET Random123::Random123)
  add_library(Random123::Random123 INTERFACE IMPORTED GLOBAL)
  target_include_directories(Random123::Random123 INTERFACE "${random123_SOURCE_DIR}/include")
endif()

# 3.5 brought the deterministic "cinz" functions, whose results are the same bits for every vector width.
set(BUILD_TESTS OFF)
set(BUILD_DFT OFF)
set(BUILD_QUAD OFF)
set(BUILD_GNUABI_LIBS OFF)
optexplore_dependency(SLEEF 3.5 TARGET SLEEF::sleef DEBIAN libsleef-dev
  GIT_REPOSITORY https://github.com/shibatch/sleef.git GIT_TAG 3.5.1)
if(NOT TARGET SLEEF::sleef)
  # Imported, so that the installed package refers to it by this name, which FindSLEEF.cmake defines.
  add_library(SLEEF::sleef INTERFACE IMPORTED GLOBAL)
  # Where sleef.h is generated differs between SLEEF's releases.
  set(sleef_include_dirs "${sleef_BINARY_DIR}/include" "${CMAKE_BINARY_DIR}/include")
  file(MAKE_DIRECTORY ${sleef_include_dirs})
  target_include_directories(SLEEF::sleef INTERFACE ${sleef_include_dirs})
  target_link_libraries(SLEEF::sleef INTERFACE sleef)
  add_dependencies(SLEEF::sleef headers)
endif()

# 2.8 is Unicode 15. The widths of later characters may differ between versions; nothing else does.
set(UTF8PROC_ENABLE_TESTING OFF)
optexplore_dependency(utf8proc 2.6 TARGET utf8proc::utf8proc DEBIAN libutf8proc-dev
  GIT_REPOSITORY https://github.com/JuliaStrings/utf8proc.git GIT_TAG v2.8.0)
if(NOT TARGET utf8proc::utf8proc)
  # Imported, so that the installed package refers to it by this name, which Findutf8proc.cmake defines.
  add_library(utf8proc::utf8proc INTERFACE IMPORTED GLOBAL)
  target_link_libraries(utf8proc::utf8proc INTERFACE utf8proc)
endif()

set(ZLIB_BUILD_EXAMPLES OFF)
optexplore_dependency(ZLIB 1.2 TARGET ZLIB::ZLIB DEBIAN zlib1g-dev
  GIT_REPOSITORY https://github.com/madler/zlib.git GIT_TAG v1.3)
if(NOT TARGET ZLIB::ZLIB)
  add_library(ZLIB::ZLIB INTERFACE IMPORTED GLOBAL)
  target_link_libraries(ZLIB::ZLIB INTERFACE zlibstatic)
  set(ZLIB_INCLUDE_DIRS "${zlib_SOURCE_DIR}" "${zlib_BINARY_DIR}")
  target_include_directories(ZLIB::ZLIB INTERFACE ${ZLIB_INCLUDE_DIRS})
endif()

set(PNG_SHARED OFF)
set(PNG_TESTS OFF)
set(PNG_EXECUTABLES OFF)
# Takes the zlib of above, found or downloaded, through the variables of find_package.
set(PNG_BUILD_ZLIB ON)
set(ZLIB_LIBRARIES ZLIB::ZLIB)
optexplore_dependency(PNG 1.6 TARGET PNG::PNG DEBIAN libpng-dev
  GIT_REPOSITORY https://github.com/pnggroup/libpng.git GIT_TAG v1.6.39)
if(NOT TARGET PNG::PNG)
  add_library(PNG::PNG INTERFACE IMPORTED GLOBAL)
  target_link_libraries(PNG::PNG INTERFACE png_static)
  target_include_directories(PNG::PNG INTERFACE "${png_SOURCE_DIR}" "${png_BINARY_DIR}")
endif()

# It has no CMakeLists.txt; the sub-folder is one without, as RapidJSON's.
optexplore_dependency(GIF 5.1 TARGET GIF::GIF DEBIAN libgif-dev
  URL https://downloads.sourceforge.net/project/giflib/giflib-5.2.1.tar.gz
  URL_HASH SHA256=31da5562f44c5f15d63340a09a4fd62b48c45620cd302f77a6d9acf0077879bd SOURCE_SUBDIR doc)
if(NOT TARGET GIF::GIF)
  enable_language(C)
  set(gif_sources dgif_lib.c egif_lib.c gifalloc.c gif_err.c gif_font.c gif_hash.c openbsd-reallocarray.c)
  list(TRANSFORM gif_sources PREPEND "${gif_SOURCE_DIR}/")
  add_library(gif STATIC ${gif_sources})
  install(TARGETS gif)
  install(FILES "${gif_SOURCE_DIR}/gif_lib.h" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
  add_library(GIF::GIF INTERFACE IMPORTED GLOBAL)
  target_link_libraries(GIF::GIF INTERFACE gif)
  target_include_directories(GIF::GIF INTERFACE "${gif_SOURCE_DIR}")
endif()

set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)

if(OPTEXPLORE_BUILD_TESTS)
  set(DOCTEST_WITH_TESTS OFF)
  set(DOCTEST_NO_INSTALL ON)
  optexplore_dependency(doctest 2.4 TARGET doctest::doctest DEBIAN doctest-dev
    GIT_REPOSITORY https://github.com/doctest/doctest.git GIT_TAG v2.4.9)
endif()

set(optexplore_header_dependencies nlohmann_json::nlohmann_json RapidJSON::RapidJSON Eigen3::Eigen Random123::Random123)
set(optexplore_core_dependencies fmt::fmt SLEEF::sleef utf8proc::utf8proc)
set(optexplore_other_dependencies Threads::Threads ZLIB::ZLIB PNG::PNG GIF::GIF)
