#include <algorithm>
#include <map>
#include <optexplore/function.hpp>
#include <stdexcept>

#include "backend/backend.hpp"
#include "catalog/entries.hpp"
#include "language/parser.hpp"
#include "program/print.hpp"
#include "study/objective.hpp"

namespace optexplore {
namespace {

using program::NodeId;

constexpr std::size_t max_printed_dim = 10;

/// A function is its formula, whichever way somebody goes on it.
FunctionSpec as_typed(FunctionSpec spec) {
  spec.entry.maximize = false;
  return spec;
}

}  // namespace

struct Function::Impl {
  explicit Impl(FunctionSpec from)
      : spec(std::move(from)),
        objective(graph, spec),
        point(graph.input({objective.dim()})),
        direction(graph.input({objective.dim()})) {}

  /// A program for one result, bound to one lane.
  struct Evaluator {
    std::shared_ptr<const backend::Executable> program;
    std::unique_ptr<backend::Machine> machine;
  };

  Evaluator& evaluator(NodeId result) {
    Evaluator& e = evaluators[result];
    if (e.machine) return e;
    compile::ProgramSpec program;
    program.inputs = {{point, true, false, program::no_node}, {direction, true, false, program::no_node}};
    program.observed = {result};
    e.program = backend::compile(graph, program, compile::Form::single);
    e.machine = e.program->machine(1);
    e.machine->prologue();
    return e;
  }

  std::vector<double> run(NodeId result, std::span<const double> x, std::span<const double> u = {}) {
    if (x.size() != spec.dim || (!u.empty() && u.size() != spec.dim))
      throw std::invalid_argument("Function: the point must have dim() elements");
    backend::Machine& machine = *evaluator(result).machine;
    std::copy(x.begin(), x.end(), machine.input(0).data);
    std::copy(u.begin(), u.end(), machine.input(1).data);
    machine.observe();
    for (const backend::Fault& fault : machine.faults())
      if (fault.kind == backend::Fault::Kind::error) backend::throw_fault(fault, "");
    machine.forget_faults();
    const backend::LaneView view = machine.observed(0);
    return {view.data, view.data + view.rows};
  }

  FunctionSpec spec;
  program::Graph graph;
  study::Objective objective;
  NodeId point;
  NodeId direction;
  std::map<NodeId, Evaluator> evaluators;
};

Function::Function(const FunctionSpec& spec) : impl_(std::make_unique<Impl>(as_typed(spec))) {}
Function Function::minimized(const FunctionSpec& spec) {
  Function function(spec);
  function.impl_ = std::make_unique<Impl>(spec);
  return function;
}
Function::~Function() = default;
Function::Function(Function&&) noexcept = default;
Function& Function::operator=(Function&&) noexcept = default;

Function Function::parse(const std::string& text, std::size_t dim) {
  if (!language::looks_like_definition(text)) return Function(make_function(catalog::function(text), dim));
  FunctionEntry entry;
  entry.definition = catalog::checked_definition(text);
  entry.name = entry.definition.tree().name;
  if (entry.definition.tree().fixed_dim == 0 && dim == 0)
    throw InputError("the definition leaves the dimension open; expected a dim of at least 1");
  return Function(make_function(std::move(entry), dim));
}

std::size_t Function::dim() const { return impl_->spec.dim; }
const FunctionSpec& Function::spec() const { return impl_->spec; }

double Function::value(std::span<const double> x) const {
  return impl_->run(impl_->objective.value(impl_->point), x)[0];
}
std::vector<double> Function::gradient(std::span<const double> x) const {
  return impl_->run(impl_->objective.exact_gradient(impl_->point), x);
}
std::vector<double> Function::given_gradient(std::span<const double> x) const {
  return impl_->run(impl_->objective.gradient(impl_->point), x);
}
std::vector<double> Function::hessian_product(std::span<const double> x, std::span<const double> direction) const {
  return impl_->run(impl_->objective.hessian_product(impl_->point, impl_->direction), x, direction);
}

std::vector<std::string> Function::gradient_text() const {
  if (dim() > max_printed_dim) return {};
  std::map<NodeId, std::string> names;
  for (std::uint32_t i = 0; i < dim(); ++i) names[impl_->graph.element(impl_->point, i)] = impl_->spec.coordinate(i);
  const NodeId gradient = impl_->objective.chain_rule_gradient(impl_->point);
  std::vector<std::string> texts;
  for (std::uint32_t i = 0; i < dim(); ++i) {
    texts.push_back(program::to_text(impl_->graph, impl_->graph.element(gradient, i), names, 400));
    if (texts.back().empty()) return {};
  }
  return texts;
}

}  // namespace optexplore
