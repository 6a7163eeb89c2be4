#include "study/diagnostics.hpp"

#include <algorithm>
#include <functional>
#include <limits>

#include "program/random.hpp"
#include "study/draw_sites.hpp"

namespace optexplore::study {
namespace {

using language::Op;
using program::no_node;
using program::NodeId;

constexpr std::uint32_t max_dense_dim = 16;
constexpr std::uint32_t lanczos_steps = 160;
/// Largest residual |H·v - λ·v| that counts as an eigenvalue, relative to the largest |λ|. The error of λ itself is of
/// the order of its square.
constexpr double lanczos_tolerance = 1e-2;

}  // namespace

const std::vector<Diagnostic>& diagnostics() {
  static const std::vector<Diagnostic> table = {
      {"step_norm", "length of the last step: norm(s), s = point - point_prev"},
      {"path_length", "length of the way so far: the sum of step_norm"},
      {"dist", "distance to the nearest known minimizer: norm(point - minimizer)", false},
      {"gap", "f - minimum (or maximum - f), where that is known", false},
      {"best_f", "least f so far; the greatest when f is maximized"},
      {"step_best", "the step that it is from: --stop 't - step_best > 50' has the patience of 50 steps"},
      {"angle", "angle between the last step and -g before it, 0 to pi", true, true},
      {"turn", "angle between the last two steps, 0 to pi: near pi is zigzag", true, true},
      {"lr_eff", "effective learning rate of each coordinate: -s/g, g before the step"},
      {"curvature", "along the gradient: dot(g, hvp(point, g))/dot(g, g)", false},
      {"lambda_max",
       "largest eigenvalue of the Hessian; above 16 dimensions by 160 steps of Lanczos' method, nan when "
       "these leave a residual above 1% of it",
       false},
      {"lambda_min", "smallest eigenvalue of the Hessian, likewise", false},
      {"sharpness", "hp.lr*lambda_max/2: gradient descent is stable below 1"},
      {"condition", "lambda_max/lambda_min", false},
      {"evals_f", "values of f that the rule has asked for so far, for its first state too"},
      {"evals_g", "gradients and Hessian-vector products, likewise"},
      {"evals_h", "Hessians, likewise"},
      {"rate", "local linear convergence factor: norm(s) over that of the step before"},
  };
  return table;
}

bool is_angle(std::string_view name) {
  return std::ranges::any_of(diagnostics(), [&](const Diagnostic& each) { return each.name == name && each.is_angle; });
}

NodeId Diagnostics::remember(program::Shape shape, double initial) { return memories_.add(shape, initial).now; }

NodeId Diagnostics::last_step() {
  uses_previous_ = true;
  return graph().sub(step_->point, step_->previous_point);
}

NodeId Diagnostics::previous_gradient() {
  if (previous_gradient_ == no_node) {
    const NodeId g = step_->gradient();
    previous_gradient_ = remember(graph().shape(g), 0);
    last_memory().next = g;
  }
  return previous_gradient_;
}

NodeId Diagnostics::previous_step() {
  if (previous_step_ == no_node) {
    const NodeId s = last_step();
    previous_step_ = remember(graph().shape(s), 0);
    last_memory().next = s;
  }
  return previous_step_;
}

NodeId Diagnostics::path_length() {
  if (path_ == no_node) {
    path_ = remember({}, 0);
    last_memory().next = graph().add(path_, norm(graph().sub(step_->next_point, step_->point)));
  }
  return path_;
}

NodeId Diagnostics::best_value() {
  if (best_ == no_node) {
    best_before_ = remember({}, std::numeric_limits<double>::infinity());
    best_ = graph().where(graph().apply(Op::lt, {step_->f, best_before_}), step_->f, best_before_);
    last_memory().next = best_;
  }
  return best_;
}

NodeId Diagnostics::best_step() {
  best_value();
  if (best_step_ != no_node) return best_step_;
  const NodeId before = remember({}, 0);
  const NodeId is_better = graph().apply(Op::lt, {step_->f, best_before_});
  best_step_ = graph().where(is_better, done(), before);
  last_memory().next = best_step_;
  return best_step_;
}

/// The condition as a number that is not NaN, which doesn't hold.
NodeId Diagnostics::truth(NodeId condition) {
  const Op op = graph()[condition].op;
  const bool is_truth = (op >= Op::lt && op <= Op::logical_or) || op == Op::logical_not;
  if (is_truth) return condition;
  return graph().apply(Op::logical_and, {condition, graph().apply(Op::eq, {condition, condition})});
}

/// The number of updates done where the condition holds, else infinite.
NodeId Diagnostics::now_if(NodeId condition) {
  return graph().where(truth(condition), done(), graph().constant(std::numeric_limits<double>::infinity()));
}

NodeId Diagnostics::first_step(NodeId condition) {
  const NodeId before = remember({}, std::numeric_limits<double>::infinity());
  last_memory().next = graph().apply(Op::min, {before, now_if(condition)});
  return last_memory().next;
}

NodeId Diagnostics::settled_step(NodeId condition) {
  const NodeId before = remember({}, std::numeric_limits<double>::infinity());
  const NodeId now = now_if(condition);
  const NodeId holds = graph().apply(Op::lt, {now, graph().constant(std::numeric_limits<double>::infinity())});
  last_memory().next = graph().where(holds, graph().apply(Op::min, {before, now}), now);
  return last_memory().next;
}

NodeId Diagnostics::settled_value(NodeId condition, NodeId value) {
  const NodeId held = remember({}, 0), before = remember({}, 0);
  Memory &holds = memories_[memories_.all().size() - 2], &kept = last_memory();
  holds.next = truth(condition);
  kept.next = graph().where(graph().apply(Op::logical_and, {held, holds.next}), before, value);
  return kept.next;
}

/// The number of updates done.
NodeId Diagnostics::done() { return graph().sub(step_->t, graph().constant(1.0)); }

NodeId Diagnostics::distance() {
  const FunctionSpec& function = step_->objective().spec();
  if (function.minimizers.empty())
    throw InputError("no minimizer of " + function.entry.name + " is known; give the function \"minimizers\"");
  NodeId nearest = no_node;
  for (const std::vector<double>& minimizer : function.minimizers) {
    // In a million dimensions one number costs less than a vector of equal ones.
    const bool equal = std::ranges::adjacent_find(minimizer, std::ranges::not_equal_to{}) == minimizer.end();
    const NodeId point = equal ? graph().constant(minimizer.front()) : graph().constant(minimizer);
    const NodeId length = norm(graph().sub(step_->point, point));
    nearest = nearest == no_node ? length : graph().apply(Op::min, {nearest, length});
  }
  return nearest;
}

NodeId Diagnostics::gap() {
  const FunctionSpec& function = step_->objective().spec();
  const std::string best = function.entry.maximize ? "maximum" : "minimum";
  if (!function.minimum)
    throw InputError("the " + best + " of " + function.entry.name + " is not known; give the function a \"" + best +
                     "\"");
  return graph().sub(step_->f, graph().constant(*function.minimum));
}

/// 2 atan2(|u/|u| - v/|v||, |u/|u| + v/|v||): accurate at all angles (Kahan, "How Futile are Mindless Assessments of
/// Roundoff", section 12), where acos of the cosine loses half of the digits near 0 and pi.
NodeId Diagnostics::angle(NodeId u, NodeId v) {
  const NodeId a = graph().div(u, norm(u));
  const NodeId b = graph().div(v, norm(v));
  const NodeId half = graph().apply(Op::atan2, {norm(graph().sub(a, b)), norm(graph().add(a, b))});
  return graph().mul(graph().constant(2.0), half);
}

NodeId Diagnostics::curvature() {
  const NodeId g = step_->gradient();
  const NodeId product = step_->objective().hessian_product(step_->point, g);
  return graph().div(graph().apply(Op::dot, {g, product}), graph().apply(Op::dot, {g, g}));
}

NodeId Diagnostics::learning_rate(const program::Scope& scope) {
  const auto lr = scope.names.find("hp.lr");
  if (lr == scope.names.end()) throw InputError("'" + step_->optimizer().label + "' has no hyperparameter lr");
  return lr->second();
}

const Diagnostics::Spectrum& Diagnostics::spectrum() {
  if (spectrum_.lowest == no_node)
    spectrum_ = step_->objective().dim() <= max_dense_dim ? dense_spectrum() : lanczos_spectrum();
  return spectrum_;
}

Diagnostics::Spectrum Diagnostics::dense_spectrum() {
  const std::uint32_t n = step_->objective().dim();
  std::vector<NodeId> rows;
  for (std::uint32_t i = 0; i < n; ++i) {
    std::vector<double> unit(n, 0.0);
    unit[i] = 1;
    rows.push_back(step_->objective().hessian_product(step_->point, graph().constant(std::move(unit))));
  }
  const NodeId found = graph().eigen(graph().concat(rows));
  return {graph().element(found, 0), graph().element(found, 1)};
}

namespace {

/// One step of Lanczos' method at a captured point, without reorthogonalisation (Golub & Van Loan, section 10.1).
/// Carried: this vector and the one before, beta, the first alpha, and the length below which what is left is rounding.
/// Stacked: the alphas and betas of the tridiagonal matrix.
std::shared_ptr<const program::Body> lanczos_step(const Objective& outer) {
  const auto body = std::make_shared<program::Body>();
  program::Graph& g = body->graph;
  const std::uint32_t n = outer.dim();
  Objective objective = outer.in(g);
  const NodeId zero = g.constant(0.0);
  const NodeId point = g.input({n}), q = g.input({n}), before = g.input({n});
  const NodeId beta = g.input({}), first_alpha = g.input({}), breakdown = g.input({});
  body->index = g.input({});
  body->captured = {point};
  body->carried = {q, before, beta, first_alpha, breakdown};

  const NodeId is_first = g.apply(Op::eq, {body->index, g.constant(1.0)});
  NodeId w = objective.hessian_product(point, q);
  const NodeId least = g.where(is_first, g.mul(g.constant(1e-14), g.apply(Op::norm, {w})), breakdown);
  const NodeId quotient = g.apply(Op::dot, {q, w});
  const NodeId alpha0 = g.where(is_first, quotient, first_alpha);
  // Where the space is exhausted q is zero, and a Rayleigh quotient in place of alpha is never extreme.
  const NodeId goes_on = g.apply(Op::logical_or, {is_first, g.apply(Op::gt, {beta, zero})});
  const NodeId alpha = g.where(goes_on, quotient, alpha0);
  w = g.sub(g.sub(w, g.mul(quotient, q)), g.mul(beta, before));
  const NodeId length = g.apply(Op::norm, {w});
  const NodeId alive = g.apply(Op::gt, {length, least});
  const NodeId next_beta = g.where(alive, length, zero);
  body->next = {g.where(alive, g.div(w, length), zero), q, next_beta, alpha0, least};
  body->stacked = {alpha, next_beta};
  return body;
}

}  // namespace

/// From a fixed random vector. Without reorthogonalisation copies of eigenvalues appear, but the extreme ones are right
/// (Golub & Van Loan, section 10.3).
Diagnostics::Spectrum Diagnostics::lanczos_spectrum() {
  program::Graph& g = graph();
  const std::uint32_t n = step_->objective().dim();
  const NodeId zero = g.constant(0.0), zeros = g.fill(zero, {n});
  std::vector<double> start(n);
  for (std::uint32_t i = 0; i < n; ++i) start[i] = program::draw(language::Draw::normal, {0, 0}, 0, lanczos_site, i);
  NodeId q = g.constant(std::move(start));
  q = g.div(q, norm(q));
  const NodeId captured[] = {step_->point};
  const NodeId carried[] = {q, zeros, zero, zero, zero};
  const NodeId done = g.loop(lanczos_step(step_->objective()), lanczos_steps, captured, carried);
  const std::uint32_t stacked = 2 * n + 3;
  const NodeId last_beta = g.element(done, 2 * n);
  const NodeId found =
      g.tridiagonal_eigen(g.slice(done, stacked, lanczos_steps), g.slice(done, stacked + lanczos_steps, lanczos_steps));
  const NodeId lowest = g.element(found, 0), highest = g.element(found, 1);
  const NodeId scale =
      g.mul(g.constant(lanczos_tolerance), g.apply(Op::max, {g.apply(Op::abs, {lowest}), g.apply(Op::abs, {highest})}));
  const auto checked = [&](NodeId value, NodeId end) {
    const NodeId residual = g.mul(last_beta, end);
    return g.where(g.apply(Op::le, {residual, scale}), value, g.constant(std::numeric_limits<double>::quiet_NaN()));
  };
  return {checked(lowest, g.element(found, 2)), checked(highest, g.element(found, 3))};
}

NodeId Diagnostics::evaluations(Question question) {
  const auto k = static_cast<std::size_t>(question);
  if (evaluations_[k] != no_node) return evaluations_[k];
  const NodeId of_start = step_->start_evaluations[k], of_step = step_->evaluations[k];
  const bool constant = graph().is_constant(of_step);
  const NodeId since = constant ? graph().mul(done(), of_step) : remember({}, 0);
  if (!constant) last_memory().next = graph().add(since, of_step);
  return evaluations_[k] = graph().is_constant(of_start, 0) ? since : graph().add(since, of_start);
}

void Diagnostics::add_to(program::Scope& scope, const Vocabulary& vocabulary) {
  const auto offer = [&scope](const std::string& name, std::function<NodeId()> make) {
    scope.names[name] = [make = std::move(make)] { return make(); };
  };
  offer("step_norm", [this] { return norm(last_step()); });
  offer("path_length", [this] { return path_length(); });
  offer("best_f", [this] { return step_->objective().as_typed(best_value()); });
  offer("step_best", [this] { return best_step(); });
  offer("angle", [this] { return angle(last_step(), graph().neg(previous_gradient())); });
  offer("turn", [this] { return angle(last_step(), previous_step()); });
  offer("lr_eff", [this] { return graph().neg(graph().div(last_step(), previous_gradient())); });
  offer("curvature", [this] { return curvature(); });
  offer("lambda_max", [this] { return spectrum().highest; });
  offer("lambda_min", [this] { return spectrum().lowest; });
  offer("condition", [this] { return graph().div(spectrum().highest, spectrum().lowest); });
  offer("evals_f", [this] { return evaluations(Question::value); });
  offer("evals_g", [this] { return evaluations(Question::gradient); });
  offer("evals_h", [this] { return evaluations(Question::hessian); });
  offer("rate", [this] { return graph().div(norm(last_step()), norm(previous_step())); });
  const FunctionSpec& function = step_->objective().spec();
  if (!function.minimizers.empty() || !vocabulary.has("dist")) offer("dist", [this] { return distance(); });
  if (function.minimum || !vocabulary.has("gap")) offer("gap", [this] { return gap(); });
  const bool has_lr =
      std::ranges::any_of(step_->hyperparameters(), [](const auto& each) { return each.parameter == "lr"; });
  if (!has_lr && vocabulary.has("sharpness")) return;
  offer("sharpness", [this, &scope] {
    return graph().mul(graph().mul(learning_rate(scope), spectrum().highest), graph().constant(0.5));
  });
}

}  // namespace optexplore::study
