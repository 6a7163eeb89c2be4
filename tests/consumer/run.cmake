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

find_program(consumer consumer PATHS "${work}/build" "${work}/build/${CONFIG}" NO_DEFAULT_PATH REQUIRED)
execute_process(COMMAND "${consumer}" OUTPUT_VARIABLE output COMMAND_ERROR_IS_FATAL ANY)
message(STATUS "${output}")
if(NOT output MATCHES "optexplore ${VERSION}\n")
  message(FATAL_ERROR "the program did not print 'optexplore ${VERSION}'")
endif()
