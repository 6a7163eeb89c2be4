#include "backend/backend.hpp"

#include "backend/interpreter/interpreter.hpp"

namespace optexplore::backend {

const Backend& best_backend() {
  static const Backend interpreter = {"interpreter", [](std::shared_ptr<const compile::Program> program) {
                                        return interpret(std::move(program), best_kernels());
                                      }};
  return interpreter;
}

std::shared_ptr<const Executable> compile(const program::Graph& graph, const compile::ProgramSpec& spec,
                                          compile::Form form) {
  return best_backend().compile(std::make_shared<compile::Program>(compile::compile(graph, spec, form)));
}

}  // namespace optexplore::backend
