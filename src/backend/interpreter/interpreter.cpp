#include "backend/interpreter/interpreter.hpp"

#include <algorithm>
#include <new>

#include "backend/interpreter/specials.hpp"
#include "backend/interpreter/timing.hpp"

namespace optexplore::backend {
namespace {

using compile::Instruction;
using compile::Loop;
using compile::Program;
using language::Op;

struct Free {
  void operator()(double* p) const { ::operator delete[](p, std::align_val_t(64)); }
};
using Memory = std::unique_ptr<double[], Free>;

/// Zeros.
Memory allocate(std::size_t count) {
  auto* memory =
      static_cast<double*>(::operator new[](std::max<std::size_t>(count, 1) * sizeof(double), std::align_val_t(64)));
  std::fill_n(memory, count, 0.0);
  return Memory(memory);
}

/// What is the same for every block.
struct Shared {
  std::shared_ptr<const Program> program;
  const KernelTable* kernels;
  Tiling tiling;
  Memory constants;
  std::shared_ptr<const Timing> timing;
  std::vector<std::pair<const Loop*, std::shared_ptr<const Executable>>> loops;  ///< in the order of the code

  [[nodiscard]] const Executable& body(const Loop* loop) const {
    return *std::ranges::find(loops, loop, [](const auto& entry) { return entry.first; })->second;
  }
};

/// A region bound to memory.
struct Code {
  std::vector<Bound> bounds;
  std::vector<TileGroup> groups;
};

class Interpreter final : public Machine {
 public:
  Interpreter(const Shared& shared, std::size_t lanes)
      : Machine(*shared.program, lanes),
        shared_(shared),
        lane_memory_(allocate(shared.program->lane_rows * lanes)),
        uniform_memory_(allocate(shared.program->uniform_rows)),
        bases_{shared.constants.get(), uniform_memory_.get(), lane_memory_.get(), lanes} {
    prologue_ = bind_all(program_->prologue);
    observe_ = bind_all(program_->observe);
    record_ = bind_all(program_->record);
    update_ = bind_all(program_->update);
  }

  void set_step(std::uint64_t step) override {
    step_ = step;
    if (program_->clock.space != compile::Location::Space::none)
      *bases_.at(program_->clock) = static_cast<double>(step);
    if (program_->timed.empty()) return;
    const std::uint64_t piece = step / Timing::steps_per_piece;
    if (!timed_ || piece != piece_) {
      timed_ = shared_.timing->piece(piece);
      piece_ = piece;
    }
    const double* values = timed_->data() + (step % Timing::steps_per_piece) * program_->timed.size();
    for (const compile::Location& place : program_->timed) *bases_.at(place) = *values++;
  }

  void prologue() override { execute(prologue_); }
  void observe() override { execute(observe_); }
  void record() override { execute(record_); }
  void update() override { execute(update_); }

  /// Once per executable, on the memory of the constants.
  void setup() { execute(bind_all(program_->setup)); }

 private:
  [[nodiscard]] LaneView view(const compile::Location& location) const override {
    const bool per_lane = location.space == compile::Location::Space::lanes;
    return {bases_.at(location), location.rows, bases_.width(location), per_lane ? 1U : 0U};
  }

  [[nodiscard]] Code bind_all(const std::vector<Instruction>& instructions) const {
    Code code;
    code.bounds.reserve(instructions.size());
    for (const Instruction& instruction : instructions)
      code.bounds.push_back(bind(instruction, bases_, *shared_.kernels));
    if (program_->longest * lanes_ >= shared_.tiling.shortest)
      code.groups = find_tile_groups(code.bounds, shared_.tiling);
    return code;
  }

  void execute(const Code& code) {
    if (code.groups.empty()) {  // short vectors: a few nanoseconds per instruction, so nothing else is asked
      for (const Bound& bound : code.bounds) execute(bound);
      return;
    }
    auto group = code.groups.begin();
    for (std::size_t i = 0; i < code.bounds.size(); ++i) {
      if (group != code.groups.end() && group->begin == i) {
        execute_tiles(code.bounds, *group);
        i = group->end - 1;
        ++group;
      } else {
        execute(code.bounds[i]);
      }
    }
  }

  void execute(const Bound& bound) {
    if (bound.kernel != nullptr)
      backend::execute(bound);
    else if (bound.source->op == Op::loop)
      execute_loop(*bound.source);
    else
      execute_special(*bound.source, {bases_, *shared_.kernels, keys_, step_, faults_});
  }

  /// Copies rows between a place of this program and a view of the body.
  void copy(const LaneView& from, const LaneView& to) const {
    const std::size_t lanes = to.lane_stride == 0 ? 1 : lanes_;
    for (std::size_t r = 0; r < to.rows; ++r)
      for (std::size_t l = 0; l < lanes; ++l) to.at(r, l) = from.at(r, l);
  }

  void execute_loop(const Instruction& instruction) {
    const Loop& loop = *instruction.loop;
    const std::unique_ptr<Machine> body = shared_.body(&loop).machine(bases_.width(instruction.out));
    for (std::size_t k = 0; k < loop.operands.size(); ++k) copy(view(loop.operands[k]), body->input(1 + k));
    body->prologue();
    LaneView out = view(instruction.out);
    std::uint32_t carried_rows = 0;
    for (std::size_t k = loop.captured; k < loop.operands.size(); ++k) carried_rows += loop.operands[k].rows;
    const auto part = [&](std::size_t row, std::size_t rows) {
      return LaneView{out.data + row * out.row_stride, rows, out.row_stride, out.lane_stride};
    };
    for (std::uint32_t i = 0; i < loop.count; ++i) {
      body->input(0).at(0, 0) = i + 1.0;
      body->observe();
      for (std::size_t k = 0; k < loop.body.observed.size(); ++k)
        copy(body->observed(k), part(carried_rows + k * loop.count + i, 1));
      body->update();
    }
    std::size_t row = 0;
    for (std::size_t k = loop.captured; k < loop.operands.size(); ++k) {
      copy(body->input(1 + k), part(row, loop.operands[k].rows));
      row += loop.operands[k].rows;
    }
  }

  const Shared& shared_;
  Memory lane_memory_;
  Memory uniform_memory_;
  Bases bases_;
  Code prologue_;
  Code observe_;
  Code record_;
  Code update_;
  std::uint64_t step_ = 0;
  std::shared_ptr<const std::vector<double>> timed_;  ///< the piece that holds the step
  std::uint64_t piece_ = 0;
};

class Interpretable final : public Executable {
 public:
  Interpretable(std::shared_ptr<const Program> program, const KernelTable& kernels, const Tiling& tiling)
      : Executable(std::move(program)) {
    shared_.program = program_;
    shared_.kernels = &kernels;
    shared_.tiling = tiling;
    shared_.constants = allocate(program_->constant_rows);
    for (const auto& [location, value] : program_->constants) shared_.constants[location.offset] = value;
    for (const auto& [location, values] : program_->constant_vectors)
      std::copy(values->begin(), values->end(), shared_.constants.get() + location.offset);
    for (const auto* code :
         {&program_->setup, &program_->prologue, &program_->observe, &program_->record, &program_->update})
      for (const Instruction& instruction : *code)
        if (instruction.loop)
          shared_.loops.emplace_back(
              instruction.loop.get(),
              interpret(std::shared_ptr<const Program>(instruction.loop, &instruction.loop->body), kernels, tiling));
    Interpreter first(shared_, 1);
    first.setup();
    for (const Fault& fault : first.faults())
      if (fault.fatal) throw_fault(fault, "");
    if (program_->timing) shared_.timing = std::make_shared<Timing>(interpret(program_->timing, kernels, tiling));
  }

  [[nodiscard]] std::unique_ptr<Machine> machine(std::size_t lanes) const override {
    return std::make_unique<Interpreter>(shared_, lanes);
  }

 private:
  Shared shared_;
};

}  // namespace

std::shared_ptr<const Executable> interpret(std::shared_ptr<const Program> program, const KernelTable& kernels,
                                            const Tiling& tiling) {
  return std::make_shared<Interpretable>(std::move(program), kernels, tiling);
}

}  // namespace optexplore::backend
