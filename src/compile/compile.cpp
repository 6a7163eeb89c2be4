#include <stdexcept>

#include "compile/draft.hpp"

namespace optexplore::compile {

std::size_t Program::input(std::string_view name) const {
  for (std::size_t k = 0; k < inputs.size(); ++k)
    if (inputs[k].name == name) return k;
  throw std::logic_error("the program has no input '" + std::string(name) + "'");
}

Program compile(const program::Graph& graph, const ProgramSpec& spec, Form form, const Passes& passes) {
  Draft draft(graph, spec, form, passes);
  for (const auto pass : {find_needs, split_timing, fuse, schedule, allocate}) pass(draft);
  return std::move(draft.program);
}

}  // namespace optexplore::compile
