#include "backend/backend.hpp"

#include <algorithm>

#include "backend/interpreter/interpreter.hpp"
#include "text/caret.hpp"

namespace optexplore::backend {

void add(std::vector<Fault>& faults, Fault fault) {
  const auto known = std::ranges::find(faults, fault.lane, &Fault::lane);
  if (known == faults.end())
    faults.push_back(std::move(fault));
  else if (fault.kind < known->kind)
    *known = std::move(fault);
}

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
