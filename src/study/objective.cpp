#include "study/objective.hpp"

#include <array>

#include "catalog/parameters.hpp"
#include "program/derive.hpp"
#include "text/place.hpp"

namespace optexplore::study {
namespace {

using language::Op;
using program::NodeId;

constexpr std::uint32_t max_difference_dim = 1000;

/// Where a text of the function stands: in its own file, or in the config.
std::string place_in(const FunctionSpec& spec, const std::string& part, const std::string& otherwise) {
  return spec.entry.file.empty() ? spec.pointer + otherwise : spec.entry.file + ": " + part;
}

}  // namespace

Objective::Objective(program::Graph& graph, const FunctionSpec& spec, GradientMode mode, double h)
    : g_(graph),
      format_(graph.format()),
      spec_(&spec),
      mode_(mode),
      h_(h),
      dim_(static_cast<std::uint32_t>(spec.dim)),
      point_(graph.input({dim_})),
      direction_(graph.input({dim_})) {
  program::Scope scope = parameters();
  add_coordinates(scope, point_);
  text::with_place([&] { return place_in(spec, "/definition", ""); },
                   [&] { value_ = as_typed(program::build_definition(g_, definition(), scope)); });
}

program::Scope Objective::parameters() const {
  program::Scope scope;
  catalog::add_functions(scope, g_);
  catalog::add_parameters(scope, g_, spec_->entry.params);
  return scope;
}

void Objective::add_coordinates(program::Scope& scope, NodeId point) const {
  program::add_coordinates(scope, g_, definition(), point);
}

/// Each is built when it is asked for, in the function's own scope.
void Objective::add_intermediate_values(program::Scope& scope, NodeId point) const {
  for (const language::Assignment& value : definition().where)
    scope.names[value.name] = [this, point, name = value.name] {
      const program::InFormat in_format(g_, format_);
      program::Scope own = parameters();
      program::add_coordinates(own, g_, definition(), point);
      program::add_intermediate_values(own, g_, definition());
      return own.find(name)();
    };
}

NodeId Objective::value(NodeId point) {
  const program::InFormat in_format(g_, format_);
  return g_.substitute(value_, {{point_, point}});
}

NodeId Objective::gradient(NodeId point) {
  const program::InFormat in_format(g_, format_);
  if (!gradient_) {
    if (mode_ != GradientMode::exact)
      gradient_ = difference_gradient();
    else
      gradient_ = spec_->entry.gradient.empty() ? exact_gradient(point_) : given_gradient();
  }
  return g_.substitute(*gradient_, {{point_, point}});
}

NodeId Objective::chain_rule_gradient(NodeId point) {
  const program::InFormat in_format(g_, format_);
  if (!chain_rule_gradient_)
    text::with_place([&] { return place_in(*spec_, "/definition", ""); },
                     [&] { chain_rule_gradient_ = program::gradient(g_, value_, point_); });
  return g_.substitute(*chain_rule_gradient_, {{point_, point}});
}

NodeId Objective::exact_gradient(NodeId point) {
  const program::InFormat in_format(g_, format_);
  if (format_) return chain_rule_gradient(point);  // as numbers of few digits have it
  if (!exact_gradient_) exact_gradient_ = program::with_limits(g_, chain_rule_gradient(point_), value_, point_);
  return g_.substitute(exact_gradient_->derivative, {{point_, point}});
}

NodeId Objective::missing_gradient(NodeId point) {
  if (mode_ != GradientMode::exact || !spec_->entry.gradient.empty() || format_) return program::no_node;
  exact_gradient(point);
  const NodeId missing = exact_gradient_->missing;
  return missing == program::no_node ? missing : g_.substitute(missing, {{point_, point}});
}

NodeId Objective::hessian_product(NodeId point, NodeId direction) {
  const program::InFormat in_format(g_, format_);
  if (!product_) {
    const bool given = mode_ == GradientMode::exact && !spec_->entry.gradient.empty();
    const NodeId first = given ? gradient(point_) : chain_rule_gradient(point_);
    const NodeId second =
        text::with_place([&] { return place_in(*spec_, "/definition", ""); },
                         [&] {
                           return program::gradient(g_, g_.apply(Op::dot, {first, direction_}), point_);
                         });
    const std::array<NodeId, 1> others = {direction_};
    product_ = format_ ? second : program::with_limits(g_, second, value_, point_, others).derivative;
  }
  return g_.substitute(*product_, {{point_, point}, {direction_, direction}});
}

NodeId Objective::given_gradient() {
  program::Scope scope = parameters();
  add_coordinates(scope, point_);
  std::vector<NodeId> parts;
  for (std::size_t i = 0; i < spec_->entry.gradient.size(); ++i) {
    text::with_place(
        [&] {
          const std::string part = "/gradient/" + std::to_string(i);
          return place_in(*spec_, part, part);
        },
        [&] {
          parts.push_back(program::build_scalar(g_, spec_->entry.gradient[i].tree(), scope, "a partial derivative"));
        });
  }
  return as_typed(g_.concat(parts));
}

/// (f(x+h·eᵢ) − f(x−h·eᵢ)) / 2h for central, (f(x+h·eᵢ) − f(x)) / h for forward.
NodeId Objective::difference_gradient() {
  if (dim_ > max_difference_dim)
    throw InputError("finite differences cost 2n evaluations a step; expected at most 1000 dimensions, found " +
                         std::to_string(dim_) + "; use \"exact\"",
                     "", "/gradient");
  std::vector<NodeId> parts;
  const auto at = [&](std::uint32_t i, double shift) {
    std::vector<NodeId> moved;
    for (std::uint32_t k = 0; k < dim_; ++k) {
      const NodeId x = g_.element(point_, k);
      moved.push_back(k == i ? g_.add(x, g_.constant(shift)) : x);
    }
    return value(g_.concat(moved));
  };
  for (std::uint32_t i = 0; i < dim_; ++i) {
    const bool central = mode_ == GradientMode::central;
    const NodeId low = central ? at(i, -h_) : value_;
    parts.push_back(g_.div(g_.sub(at(i, h_), low), g_.constant(central ? 2 * h_ : h_)));
  }
  return g_.concat(parts);
}

}  // namespace optexplore::study
