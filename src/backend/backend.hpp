#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

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

/// What a run should not have come to: an index out of range, a singular matrix.
struct Fault {
  static constexpr std::size_t every_lane = ~std::size_t{0};
  std::size_t lane = every_lane;
  program::Site site;
  std::string message;  ///< "index 4 is outside 1…3"
  enum class Kind : unsigned char {
    error,      ///< a text is wrong
    no_number,  ///< what it gives are no numbers, and that is all
    limit,      ///< a loop came to its limit, and goes on behind it
  };
  Kind kind = Kind::error;
};

/// Adds a fault, of which each lane has one: the worst, and of equally bad ones the first.
void add(std::vector<Fault>& faults, Fault fault);

/// "the matrix is singular in solve(H, g)".
std::string to_text(const Fault& fault);
/// Throws the fault as an InputError that shows its text; `where` ends the sentence: ", at step 3".
[[noreturn]] void throw_fault(const Fault& fault, const std::string& where);

/// A block of lanes on which an executable runs: memory of its own, nothing shared that changes.
class Machine {
 public:
  virtual ~Machine() = default;
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;

  [[nodiscard]] std::size_t lanes() const { return lanes_; }
  [[nodiscard]] const compile::Program& program() const { return *program_; }
  /// Values by their number in the program. Inputs with a known value can't be set.
  [[nodiscard]] LaneView input(std::size_t k) const { return view(program_->inputs[k].location); }
  /// The input of that name. Throws std::logic_error when there is none.
  [[nodiscard]] LaneView input(std::string_view name) const { return input(program_->input(name)); }
  [[nodiscard]] LaneView observed(std::size_t k) const { return view(program_->observed[k].location); }
  [[nodiscard]] LaneView recorded(std::size_t k) const { return view(program_->recorded[k].location); }

  /// One key per lane; needed by programs that draw random numbers.
  void set_keys(std::span<const program::RandomKey> keys) { keys_.assign(keys.begin(), keys.end()); }
  [[nodiscard]] const program::RandomKey& key(std::size_t lane) const { return keys_[lane]; }

  /// What has gone wrong since they were forgotten, the first of each lane.
  [[nodiscard]] std::span<const Fault> faults() const { return faults_; }
  void forget_faults() { faults_.clear(); }

  /// The number of the step that comes: what the clock shows and random draws use.
  virtual void set_step(std::uint64_t step) = 0;

  virtual void prologue() = 0;
  virtual void observe() = 0;
  virtual void record() = 0;
  virtual void update() = 0;

 protected:
  Machine(const compile::Program& program, std::size_t lanes) : program_(&program), lanes_(lanes), keys_(lanes) {}
  [[nodiscard]] virtual LaneView view(const compile::Location& location) const = 0;

  const compile::Program* program_;
  std::size_t lanes_;
  std::vector<program::RandomKey> keys_;
  std::vector<Fault> faults_;
};

/// A program that can be run. Immutable: any number of blocks and threads may use it.
class Executable {
 public:
  virtual ~Executable() = default;
  Executable(const Executable&) = delete;
  Executable& operator=(const Executable&) = delete;

  [[nodiscard]] const compile::Program& program() const { return *program_; }
  /// A new block. Its prologue has not been run. The executable must outlive it.
  /// @param lanes  1 for a program of Form::single
  [[nodiscard]] virtual std::unique_ptr<Machine> machine(std::size_t lanes) const = 0;

 protected:
  explicit Executable(std::shared_ptr<const compile::Program> program) : program_(std::move(program)) {}
  std::shared_ptr<const compile::Program> program_;
};

/// One way to run programs. All give the same bits.
struct Backend {
  std::string_view name;
  std::shared_ptr<const Executable> (*compile)(const std::shared_ptr<const compile::Program>& program);
};

/// The one that is used.
const Backend& best_backend();

/// Compiles with it: graph → program → executable.
std::shared_ptr<const Executable> compile(const program::Graph& graph, const compile::ProgramSpec& spec,
                                          compile::Form form = compile::Form::block);

}  // namespace optexplore::backend
