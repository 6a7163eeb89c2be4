# Installs the built project into a fresh prefix, then configures, builds and runs this folder's project
# against it, as somebody else's program would.
set(work "${BUILD_DIR}/consumer")
file(REMOVE_RECURSE "${work}")

function(step)
  execute_process(COMMAND ${ARGV} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

step("${CMAKE_COMMAND}" --install "${BUILD_DIR}" --config "${CONFIG}" --prefix "${work}/prefix")
step("${CMAKE_COMMAND}" -S "${CMAKE_CURRENT_LIST_DIR}" -B "${work}/build" -G "${GENERATOR}"
  "-DCMAKE_PREFIX_PATH=${work}/prefix" "-DCMAKE_BUILD_TYPE=${CONFIG}"
  "-DCMAKE_CXX_COMPILER=${CXX_COMPILER}" "-DCMAKE_CXX_FLAGS=${CXX_FLAGS}")
step("${CMAKE_COMMAND}" --build "${work}/build" --config "${CONFIG}")

foreach(name IN ITEMS consumer consumer_of_core)
  find_program(program_${name} ${name} PATHS "${work}/build" "${work}/build/${CONFIG}" NO_DEFAULT_PATH REQUIRED)
  execute_process(COMMAND "${program_${name}}" OUTPUT_VARIABLE output COMMAND_ERROR_IS_FATAL ANY)
  message(STATUS "${output}")
  if(NOT output MATCHES "optexplore ${VERSION}\n")
    message(FATAL_ERROR "${name} did not print 'optexplore ${VERSION}'")
  endif()
endforeach()

# The core opens no file and starts no thread. What the sanitizers put into a program does both, so nothing is told by
# an instrumented one.
if(NOT CXX_FLAGS MATCHES "sanitize")
  find_program(nm nm REQUIRED)
  file(GLOB_RECURSE core "${work}/prefix/*/liboptexplore_core.a")
  execute_process(COMMAND "${nm}" --undefined-only "${core}" OUTPUT_VARIABLE symbols COMMAND_ERROR_IS_FATAL ANY)
  if(NOT symbols MATCHES "U malloc|U _Znwm")
    message(FATAL_ERROR "no symbols in '${core}'")
  endif()
  if(symbols MATCHES "U (open|open64|fopen|fopen64|pthread_create|[^\n]*basic_[io]?f(stream|ilebuf)[^\n]*)\n")
    message(FATAL_ERROR "the core uses ${CMAKE_MATCH_1}")
  endif()
endif()
