#include "backend/backend.hpp"

#include "backend/interpreter/interpreter.hpp"
#include "text/caret.hpp"

namespace optexplore::backend {

std::string to_text(const Fault& fault) {
  const program::Origin& origin = *fault.site;
  return fault.message + " in " + origin.source.substr(origin.span.begin, origin.span.end - origin.span.begin);
}

void throw_fault(const Fault& fault, const std::string& where) {
  throw text::error_at(fault.site->source, fault.site->span, fault.message + where);
}

const Backend& best_backend() {
  static const Backend interpreter = {"interpreter", [](const std::shared_ptr<const compile::Program>& program) {
                                        return interpret(program, best_kernels());
                                      }};
  return interpreter;
}

std::shared_ptr<const Executable> compile(const program::Graph& graph, const compile::ProgramSpec& spec,
                                          compile::Form form) {
  return best_backend().compile(std::make_shared<compile::Program>(compile::compile(graph, spec, form)));
}

}  // namespace optexplore::backend
