#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <span>
#include <vector>

#include "backend/interpreter/kernels.hpp"
#include "backend/interpreter/tiles.hpp"
#include "compile/program.hpp"
#include "program/random.hpp"

namespace optexplore::backend {

/// A view of one value for every lane: element r of lane l is data[r*row_stride + l*lane_stride].
struct LaneView {
  double* data = nullptr;
  std::size_t rows = 0;
  std::size_t row_stride = 0;
  std::size_t lane_stride = 0;  ///< 0 when one value serves all lanes
  [[nodiscard]] double& at(std::size_t row, std::size_t lane) const {
    return data[row * row_stride + lane * lane_stride];
  }
};

/// A program bound to a block of lanes: memory, and for each instruction the kernel with its pointers.
class Machine {
 public:
  /// @param program  must outlive the machine
  Machine(const compile::Program& program, std::size_t lanes, const KernelTable& kernels = best_kernels(),
          const Tiling& tiling = {});

  [[nodiscard]] std::size_t lanes() const { return lanes_; }
  [[nodiscard]] LaneView input(std::size_t k) const { return view(program_->inputs[k]); }
  [[nodiscard]] LaneView observed(std::size_t k) const { return view(program_->observed[k]); }
  [[nodiscard]] LaneView recorded(std::size_t k) const { return view(program_->recorded[k]); }

  /// One key per lane; needed by programs that draw random numbers.
  void set_keys(std::span<const program::RandomKey> keys) { keys_.assign(keys.begin(), keys.end()); }
  [[nodiscard]] const program::RandomKey& key(std::size_t lane) const { return keys_[lane]; }
  /// The step number that random draws use.
  void set_step(std::uint64_t step) { step_ = step; }

  void prologue() { execute(prologue_); }
  void observe() { execute(observe_); }
  void record() { execute(record_); }
  void update() { execute(update_); }

 private:
  /// One of the four parts of a program.
  struct Code {
    std::vector<Bound> bounds;
    std::vector<TileGroup> groups;
  };

  [[nodiscard]] bool is_live(const Span& memory, const Code* const* order, std::size_t at, std::size_t end) const;
  [[nodiscard]] Span span_of(const compile::Location& location) const;
  [[nodiscard]] LaneView view(const compile::Location& location) const;
  [[nodiscard]] Bound bind(const compile::Instruction& instruction) const;
  void bind_elementwise(const compile::Instruction& instruction, Bound& bound) const;
  void bind_reduction(const compile::Instruction& instruction, Bound& bound) const;
  void execute(const Code& code) const;
  static void execute(const Bound& bound);
  void execute_special(const compile::Instruction& instruction) const;
  void execute_random(const compile::Instruction& source, const LaneView& out, std::size_t lanes) const;

  const compile::Program* program_;
  const KernelTable* kernels_;
  std::size_t lanes_;
  struct Free {
    void operator()(double* p) const { ::operator delete[](p, std::align_val_t(64)); }
  };
  std::unique_ptr<double[], Free> lane_memory_;
  std::unique_ptr<double[], Free> uniform_memory_;
  Code prologue_;
  Code observe_;
  Code record_;
  Code update_;
  std::vector<program::RandomKey> keys_;
  std::uint64_t step_ = 0;
};

}  // namespace optexplore::backend
