#pragma once

#include <cstddef>
#include <memory>
#include <optexplore/experiment.hpp>
#include <span>
#include <string>
#include <vector>

namespace optexplore {

/// A function that can be evaluated: value, exact gradient and Hessian-vector product at a point.
///
///     const Function f = Function::parse("f(x,y) = x²/20 + y²");
///     f.value(std::vector{-7.0, 2.0});     // 6.45
///     f.gradient(std::vector{-7.0, 2.0});  // {-0.7, 4}
class Function {
 public:
  /// Throws InputError when the definition can't be built. `spec` need not outlive the function.
  explicit Function(const FunctionSpec& spec);
  /// What rules minimize: -f when the spec says that f is maximized.
  static Function minimized(const FunctionSpec& spec);

  /// From a definition, or the name of a catalogue function.
  /// @param dim  for a definition f(x[n]) of any dimension; 0 asks for the entry's default
  /// @throws InputError naming the place in the text
  static Function parse(const std::string& text, std::size_t dim = 0);

  ~Function();
  Function(Function&&) noexcept;
  Function& operator=(Function&&) noexcept;

  [[nodiscard]] std::size_t dim() const;
  [[nodiscard]] const FunctionSpec& spec() const;

  /// f at `x`, which has dim() elements. The same bits as in a run. Not for several threads at once.
  [[nodiscard]] double value(std::span<const double> x) const;
  /// The exact gradient at `x`, dim() elements; the derivative of the definition even when the spec has a
  /// gradient of its own.
  [[nodiscard]] std::vector<double> gradient(std::span<const double> x) const;
  /// The gradient that the spec gives as text; the exact one when it gives none.
  [[nodiscard]] std::vector<double> given_gradient(std::span<const double> x) const;
  /// Hessian at `x` times `direction`, dim() elements.
  [[nodiscard]] std::vector<double> hessian_product(std::span<const double> x, std::span<const double> direction) const;

  /// The partial derivatives as text, one per coordinate; empty when they are too long to be worth reading.
  [[nodiscard]] std::vector<std::string> gradient_text() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace optexplore
