#include "analysis/linear_iteration.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optexplore/error.hpp>
#include <optional>

#include "backend/eigenvalues.hpp"
#include "experiment/hyperparameters.hpp"
#include "language/ops.hpp"
#include "study/step.hpp"

namespace optexplore::analysis {
namespace {

using language::Op;
using program::Graph;
using program::NodeId;

/// A linear combination of the point, the states and 1, in this order.
using Form = std::vector<double>;

[[noreturn]] void fail(const std::string& message) { throw InputError("its rate isn't known: " + message); }

bool is_constant(const Form& form) {
  return std::all_of(form.begin(), form.end() - 1, [](double c) { return c == 0; });
}

Form combined(const Form& a, double factor_a, const Form& b, double factor_b) {
  Form result(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) result[i] = factor_a * a[i] + factor_b * b[i];
  return result;
}

/// The forms of a graph's nodes.
class Forms {
 public:
  Forms(const Graph& graph, std::size_t size) : graph_(graph), size_(size) {}

  /// Says what an input is: the variable number `k`.
  void set(NodeId input, std::size_t k) {
    known_[input] = Form(size_, 0.0);
    known_[input][k] = 1;
  }

  const Form& of(NodeId root) {
    std::vector<NodeId> pending = {root};
    while (!pending.empty()) {
      const NodeId id = pending.back();
      const std::size_t before = pending.size();
      if (!known_.contains(id))
        for (const NodeId arg : graph_[id].args)
          if (!known_.contains(arg)) pending.push_back(arg);
      if (pending.size() != before) continue;
      pending.pop_back();
      if (!known_.contains(id)) known_[id] = make(graph_[id]);
    }
    return known_[root];
  }

 private:
  [[nodiscard]] Form constant(double value) const {
    Form form(size_, 0.0);
    form.back() = value;
    return form;
  }

  Form make(const program::Node& node) {
    std::vector<const Form*> args;
    for (const NodeId arg : node.args) args.push_back(&known_[arg]);
    switch (node.op) {
      case Op::constant: return constant_vector(node);
      case Op::fill: return *args[0];
      case Op::neg: return combined(*args[0], -1, *args[0], 0);
      case Op::add: return combined(*args[0], 1, *args[1], 1);
      case Op::sub: return combined(*args[0], 1, *args[1], -1);
      case Op::mul:
        if (is_constant(*args[0])) return combined(*args[1], args[0]->back(), *args[1], 0);
        if (is_constant(*args[1])) return combined(*args[0], args[1]->back(), *args[0], 0);
        break;
      case Op::div:
        if (is_constant(*args[1])) return divided(*args[0], args[1]->back());
        break;
      case Op::where:
        if (is_constant(*args[0])) return args[0]->back() != 0 ? *args[1] : *args[2];
        break;
      default: break;
    }
    const bool constants = std::ranges::all_of(args, [](const Form* form) { return is_constant(*form); });
    if (constants && language::is_elementwise(node.op)) {
      std::array<double, 3> values{};
      for (std::size_t k = 0; k < args.size(); ++k) values[k] = args[k]->back();
      return constant(language::evaluate(node.op, values.data(), static_cast<std::int32_t>(node.aux)));
    }
    if (node.op == Op::random) fail("its step is random");
    const language::OpInfo& info = language::info(node.op);
    const std::string_view name = info.symbol.empty() ? info.name : info.symbol;
    fail("its step is not linear in the point, the gradient and its state" +
         (name.empty() ? "" : " (" + std::string(name) + ")"));
  }

  [[nodiscard]] Form constant_vector(const program::Node& node) const {
    if (!node.data) return constant(node.value);
    if (!std::ranges::all_of(*node.data, [&](double v) { return v == node.data->front(); }))
      fail("its step treats coordinates differently");
    return constant(node.data->front());
  }

  static Form divided(Form form, double divisor) {
    for (double& c : form) c /= divisor;
    return form;
  }

  const Graph& graph_;
  std::size_t size_;
  std::map<NodeId, Form> known_;
};

/// The optimizer's step on eigenvalue/2·|x|² as a matrix, a row per variable.
std::vector<Form> step_matrix(const OptimizerSpec& optimizer, std::size_t dim, double eigenvalue) {
  constexpr std::uint64_t late = 1'000'000, updates = 12;
  FunctionEntry entry;
  entry.name = "f";
  entry.definition = "f(x[n]) = curvature/2*sum(x^2)";
  entry.params = {{"curvature", eigenvalue}};
  const FunctionSpec function = make_function(entry, dim);
  study::Step step(function, optimizer, {});
  Graph& graph = step.graph();
  std::vector<std::pair<NodeId, NodeId>> values = {{step.t, program::no_node}};
  for (std::size_t k = 0; k < step.hyperparameters().size(); ++k) {
    const experiment::Hyperparameter& each = step.hyperparameters()[k];
    if (each.kind() == experiment::Hyperparameter::Kind::choice) continue;
    if (each.kind() != experiment::Hyperparameter::Kind::constant) fail(each.name + " is no constant");
    values.emplace_back(step.hyperparameter_nodes[k], graph.constant(std::get<double>(*each.setting)));
  }
  const auto matrix_at = [&](std::uint64_t t) {
    values[0].second = graph.constant(static_cast<double>(t));
    std::vector<NodeId> next = {graph.substitute(step.next_point, values)};
    for (const study::StateVariable& state : step.states) next.push_back(graph.substitute(state.next, values));
    Forms forms(graph, next.size() + 1);
    forms.set(step.point, 0);
    for (std::size_t s = 0; s < step.states.size(); ++s) forms.set(step.states[s].now, s + 1);
    // What doesn't influence the point may be anything.
    std::vector<Form> rows(next.size() + 1, Form(next.size() + 1, 0.0));
    std::vector<std::size_t> pending = {0};
    std::vector<bool> found(next.size() + 1, false);
    found[0] = found.back() = true;
    while (!pending.empty()) {
      const std::size_t i = pending.back();
      pending.pop_back();
      rows[i] = forms.of(next[i]);
      for (std::size_t k = 0; k < next.size(); ++k) {
        if (found[k] || rows[i][k] == 0) continue;
        found[k] = true;
        pending.push_back(k);
      }
    }
    rows.back().back() = 1;
    return rows;
  };
  std::vector<Form> matrix = matrix_at(late);
  for (std::uint64_t k = 1; k < updates; ++k)
    if (matrix_at(late + k) != matrix) fail("its step changes with t");
  return matrix;
}

Form row_times(const Form& row, const std::vector<Form>& matrix) {
  Form result(row.size(), 0.0);
  for (std::size_t i = 0; i < row.size(); ++i)
    for (std::size_t j = 0; j < row.size(); ++j) result[j] += row[i] * matrix[i][j];
  return result;
}

double dot(const Form& a, const Form& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

/// How the first variable's later values follow from its first ones: the rows e, e·M, e·M², … until one is a
/// combination of those before, by orthogonalisation (modified Gram-Schmidt).
std::vector<double> shortest_recurrence(const std::vector<Form>& matrix) {
  constexpr double rounding = 1e-13;
  std::vector<Form> directions;              // orthonormal
  std::vector<std::vector<double>> as_rows;  // each as a combination of the rows
  Form row(matrix.size(), 0.0);
  row[0] = 1;
  while (true) {
    const double length = std::sqrt(dot(row, row));
    Form rest = row;
    std::vector<double> combination(directions.size(), 0.0);  // of the rows before, what `rest` lacks of `row`
    for (int twice = 0; twice < 2; ++twice)
      for (std::size_t k = 0; k < directions.size(); ++k) {
        const double part = dot(rest, directions[k]);
        rest = combined(rest, 1, directions[k], -part);
        for (std::size_t i = 0; i <= k; ++i) combination[i] += part * as_rows[k][i];
      }
    const double left = std::sqrt(dot(rest, rest));
    if (!(left > rounding * length) || directions.size() == matrix.size()) return combination;
    for (double& c : combination) c = -c / left;
    combination.push_back(1 / left);
    as_rows.push_back(combination);
    directions.push_back(combined(rest, 1 / left, rest, 0));
    row = row_times(row, matrix);
  }
}

}  // namespace

double largest_root(const std::vector<double>& c) {
  if (c.size() == 1) return std::fabs(c[0]);
  if (c.size() == 2) {
    const double discriminant = c[1] * c[1] + 4 * c[0];
    return discriminant < 0 ? std::sqrt(-c[0]) : (std::fabs(c[1]) + std::sqrt(discriminant)) / 2;
  }
  const std::size_t n = c.size();
  std::vector<double> companion(n * n, 0.0);
  for (std::size_t i = 0; i + 1 < n; ++i) companion[i * n + i + 1] = 1;
  std::ranges::copy(c, companion.end() - static_cast<std::ptrdiff_t>(n));
  return backend::spectral_radius(companion.data(), n);
}

LinearIteration::LinearIteration(OptimizerSpec optimizer, const FunctionSpec& function, double scale)
    : optimizer_(std::move(optimizer)), dim_(function.dim) {
  if (study::Step(function, optimizer_, {}).tells_blocks_apart())
    throw InputError("its rate isn't known: it doesn't treat all blocks of " + function.entry.name + " alike", "",
                     optimizer_.pointer);
  // Where the function is flat, a point at rest stays: else it is drawn elsewhere, as by weight decay.
  double change = 1;
  for (const double c : recurrence(0)) change -= c;
  if (std::fabs(change) > 1e-9 || recurrence(scale).empty())
    throw InputError("its rate isn't known: it doesn't come to rest at the minimizer", "", optimizer_.pointer);
}

std::vector<double> LinearIteration::recurrence(double eigenvalue) const {
  try {
    return shortest_recurrence(step_matrix(optimizer_, dim_, eigenvalue));
  } catch (const InputError& error) {
    throw InputError(error.message(), error.excerpt(), error.place().empty() ? optimizer_.pointer : error.place());
  }
}

}  // namespace optexplore::analysis
