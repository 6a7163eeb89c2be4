#include "backend/interpreter/interpreter.hpp"

#include <algorithm>
#include <cmath>
#include <new>
#include <span>

#include "backend/interpreter/specials.hpp"
#include "backend/interpreter/timing.hpp"

namespace optexplore::backend {
namespace {

using compile::Instruction;
using compile::Program;
using compile::Region;
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
  std::vector<std::pair<const Region*, std::unique_ptr<const Shared>>> regions;  ///< in the order of the code

  Shared(std::shared_ptr<const Program> code, const KernelTable& table, const Tiling& tiles);
};

/// A region bound to memory.
struct Code {
  std::vector<Bound> bounds;
  std::vector<TileGroup> groups;
};

class Interpreter final : public Machine {
 public:
  /// @param outer  the interpreter whose region this one is; it lends its random keys
  Interpreter(const Shared& shared, std::size_t lanes, const Interpreter* outer = nullptr)
      : Machine(*shared.program, lanes),
        shared_(shared),
        lane_memory_(allocate(shared.program->lane_rows * lanes)),
        uniform_memory_(allocate(shared.program->uniform_rows)),
        bases_{shared.constants.get(), uniform_memory_.get(), lane_memory_.get(), lanes},
        outer_(outer) {
    for (const auto& [region, inner] : shared.regions)
      regions_.emplace_back(region, std::make_unique<Interpreter>(*inner, width_of(*region), this));
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
    else if (bound.source->op == Op::branch)
      execute_branch(*bound.source);
    else
      execute_special(*bound.source, {bases_, *shared_.kernels, keys(), step_, faults_, iteration_, active_});
  }

  // --- loops and branches: their bodies are interpreters of their own

  [[nodiscard]] std::span<const program::RandomKey> keys() const { return outer_ == nullptr ? keys_ : outer_->keys(); }

  /// The lanes of a region: all, or one for everything that is the same for all of them.
  [[nodiscard]] std::size_t width_of(const Region& region) const {
    const Program& body = region.body;
    const auto per_lane = [](const compile::Location& location) {
      return location.space == compile::Location::Space::lanes;
    };
    for (const auto* ports : {&body.inputs, &body.observed})
      for (const compile::Port& port : *ports)
        if (per_lane(port.location)) return lanes_;
    return 1;
  }

  Interpreter& body_of(const Region& region) {
    return *std::ranges::find(regions_, &region, [](const auto& entry) { return entry.first; })->second;
  }

  /// Copies rows between a place of this program and a view of the body.
  static void copy(const LaneView& from, const LaneView& to, std::size_t lanes) {
    const std::size_t width = to.lane_stride == 0 ? 1 : lanes;
    for (std::size_t r = 0; r < to.rows; ++r)
      for (std::size_t l = 0; l < width; ++l) to.at(r, l) = from.at(r, l);
  }
  static void copy(const LaneView& from, const LaneView& to, std::span<const unsigned char> lanes) {
    for (std::size_t r = 0; r < to.rows; ++r)
      for (std::size_t l = 0; l < lanes.size(); ++l)
        if (lanes[l] != 0) to.at(r, l) = from.at(r, l);
  }

  /// Gives the body its inputs for `active` lanes.
  void enter(Interpreter& body, const Region& region, std::span<const unsigned char> active) {
    for (std::size_t k = 0; k < region.operands.size(); ++k) copy(view(region.operands[k]), body.input(k), body.lanes_);
    body.active_.assign(active.begin(), active.end());
    body.step_ = step_;
    body.iteration_ = iteration_;
    body.prologue();
  }

  /// What went wrong in the body went wrong here, in the lanes that were there.
  void leave(Interpreter& body, std::span<const unsigned char> active) {
    const bool all = std::ranges::find(active, 0) == active.end();
    for (const Fault& fault : body.faults_) {
      if (all || fault.lane != Fault::every_lane) {
        add(faults_, fault);
        continue;
      }
      for (std::size_t l = 0; l < active.size(); ++l)
        if (active[l] != 0) add(faults_, {l, fault.site, fault.message, fault.kind});
    }
    body.faults_.clear();
  }

  /// Which of some lanes run: those of this interpreter, or any when they are one for all.
  [[nodiscard]] std::vector<unsigned char> running(std::size_t lanes) const {
    if (active_.size() == lanes) return active_;
    return std::vector<unsigned char>(lanes, 1);
  }

  /// Takes those lanes out in which the condition doesn't hold, or holds. Whether any is left.
  static bool keep(std::vector<unsigned char>& lanes, const LaneView& condition, bool wanted) {
    bool any = false;
    for (std::size_t l = 0; l < lanes.size(); ++l) {
      if (language::holds(condition.at(0, l)) != wanted) lanes[l] = 0;
      any = any || lanes[l] != 0;
    }
    return any;
  }

  void execute_loop(const Instruction& instruction) {
    const Region& region = *instruction.region;
    Interpreter& body = body_of(region);
    std::vector<unsigned char> active = running(body.lanes_);
    enter(body, region, active);
    const LaneView out = view(instruction.out);
    std::uint32_t carried_rows = 0;
    for (std::size_t k = region.captured; k < region.operands.size(); ++k) carried_rows += region.operands[k].rows;
    const auto part = [&](std::size_t row, std::size_t rows) {
      return LaneView{out.data + row * out.row_stride, rows, out.row_stride, out.lane_stride};
    };
    if (region.tests) std::fill_n(&out.at(carried_rows, 0), body.lanes_, 0.0);
    for (std::uint32_t i = 0; i < region.count; ++i) {
      body.iteration_ = iteration_ * 0x9E3779B1U + i + 1;
      if (region.counts) body.input(region.operands.size()).at(0, 0) = i + 1.0;
      body.observe();
      if (region.tests) {
        if (!keep(active, body.observed(0), true)) break;
        body.active_ = active;
        for (std::size_t l = 0; l < body.lanes_; ++l) out.at(carried_rows, l) += active[l];
      }
      const std::size_t first = region.tests ? 1 : 0;
      for (std::size_t k = first; k < region.body.observed.size(); ++k)
        copy(body.observed(k), part(carried_rows + (k - first) * region.count + i, 1), body.lanes_);
      body.update_lanes(region, active);
    }
    std::size_t row = 0;
    for (std::size_t k = region.captured; k < region.operands.size(); ++k) {
      copy(body.input(k), part(row, region.operands[k].rows), body.lanes_);
      row += region.operands[k].rows;
    }
    leave(body, active_);
    if (instruction.site) tell_endless(instruction, active);
  }

  /// Lanes in which the test would still hold, for all it is known.
  void tell_endless(const Instruction& instruction, std::span<const unsigned char> active) {
    const std::size_t lanes = bases_.width(instruction.out);
    for (std::size_t l = 0; l < active.size(); ++l) {
      const std::size_t lane = lanes == 1 ? Fault::every_lane : l;
      if (active[l] == 0) continue;
      const std::uint32_t count = instruction.region->count;
      const std::string rounds = std::to_string(count) + (count == 1 ? " round" : " rounds");
      add(faults_, {lane, instruction.site, "at_most ended the loop after " + rounds, Fault::Kind::limit});
    }
  }

  /// Does the update of a loop's body for some lanes; the others keep what they carry.
  void update_lanes(const Region& region, std::span<const unsigned char> active) {
    if (std::ranges::find(active, 0) == active.end()) return update();
    std::vector<double> kept;
    const auto each_kept = [&](auto&& action) {
      for (std::size_t k = region.captured; k < region.operands.size(); ++k) {
        const LaneView carried = input(k);
        for (std::size_t r = 0; r < carried.rows; ++r)
          for (std::size_t l = 0; l < active.size(); ++l)
            if (active[l] == 0) action(carried.at(r, l));
      }
    };
    each_kept([&](double value) { kept.push_back(value); });
    update();
    auto next = kept.begin();
    each_kept([&](double& value) { value = *next++; });
  }

  void execute_branch(const Instruction& instruction) {
    const LaneView condition = view(instruction.args[0]), out = view(instruction.out);
    for (const bool wanted : {true, false}) {
      const Region& region = wanted ? *instruction.region : *instruction.otherwise;
      Interpreter& body = body_of(region);
      std::vector<unsigned char> active = running(bases_.width(instruction.out));
      if (!keep(active, condition, wanted)) continue;
      enter(body, region, body.lanes_ == active.size() ? active : std::vector<unsigned char>());
      body.observe();
      std::size_t row = 0;
      for (std::size_t k = 0; k < region.body.observed.size(); ++k) {
        const LaneView result = body.observed(k);
        copy(result, {out.data + row * out.row_stride, result.rows, out.row_stride, out.lane_stride}, active);
        row += result.rows;
      }
      leave(body, active);
    }
  }

  const Shared& shared_;
  Memory lane_memory_;
  Memory uniform_memory_;
  Bases bases_;
  const Interpreter* outer_;
  std::vector<std::pair<const Region*, std::unique_ptr<Interpreter>>> regions_;
  std::uint32_t iteration_ = 0;        ///< 0 outside of loops
  std::vector<unsigned char> active_;  ///< the lanes that run; empty: all
  Code prologue_;
  Code observe_;
  Code record_;
  Code update_;
  std::uint64_t step_ = 0;
  std::shared_ptr<const std::vector<double>> timed_;  ///< the piece that holds the step
  std::uint64_t piece_ = 0;
};

Shared::Shared(std::shared_ptr<const Program> code, const KernelTable& table, const Tiling& tiles)
    : program(std::move(code)), kernels(&table), tiling(tiles), constants(allocate(program->constant_rows)) {
  for (const auto& [location, value] : program->constants) constants[location.offset] = value;
  for (const auto& [location, values] : program->constant_vectors)
    std::copy(values->begin(), values->end(), constants.get() + location.offset);
  for (const auto* part : {&program->setup, &program->prologue, &program->observe, &program->record, &program->update})
    for (const Instruction& instruction : *part)
      for (const auto& region : {instruction.region, instruction.otherwise})
        if (region)
          regions.emplace_back(region.get(), std::make_unique<Shared>(
                                                 std::shared_ptr<const Program>(region, &region->body), table, tiles));
  Interpreter first(*this, 1);
  first.setup();
  for (const Fault& fault : first.faults())
    if (fault.kind == Fault::Kind::error) throw_fault(fault, "");
  if (program->timing) timing = std::make_shared<Timing>(interpret(program->timing, table, tiles));
}

class Interpretable final : public Executable {
 public:
  Interpretable(const std::shared_ptr<const Program>& program, const KernelTable& kernels, const Tiling& tiling)
      : Executable(program), shared_(program, kernels, tiling) {}

  [[nodiscard]] std::unique_ptr<Machine> machine(std::size_t lanes) const override {
    return std::make_unique<Interpreter>(shared_, lanes);
  }

 private:
  Shared shared_;
};

}  // namespace

std::shared_ptr<const Executable> interpret(const std::shared_ptr<const Program>& program, const KernelTable& kernels,
                                            const Tiling& tiling) {
  return std::make_shared<Interpretable>(program, kernels, tiling);
}

}  // namespace optexplore::backend
