#include "backend/interpreter/tiles.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace optexplore::backend {
namespace {

using language::Op;

/// Of a group: each is compared with all before it.
constexpr std::size_t most_instructions = 64;

/// The sums whose terms can be added tile by tile; see language::ordered_sum for the order.
bool is_tiled_sum(const Bound& bound) {
  const Op op = bound.source->op;
  return (op == Op::sum || op == Op::dot || op == Op::norm) && !bound.elementwise && bound.count == 1 &&
         bound.rows == 1 && bound.splat == 0 && bound.aux >= 8;  // shorter ones are added from left to right
}

/// How many elements an instruction walks through.
std::size_t length(const Bound& bound) {
  return is_tiled_sum(bound) ? static_cast<std::size_t>(bound.aux) : bound.count;
}

bool can_be_tiled(const Bound& bound) {
  return is_tiled_sum(bound) || (bound.kernel != nullptr && bound.elementwise && bound.rows == 1);
}

/// Memory that an instruction reads or writes: element e at first + e, or the same for every e.
struct Region {
  const double* first;
  std::size_t size;
  bool moving;
};

Region written(const Bound& bound) {
  if (is_tiled_sum(bound)) return {bound.out, 1, false};
  return {bound.out, bound.count, bound.count > 1};
}

Region read(const Bound& bound, std::size_t k) {
  const bool splat = ((bound.splat >> k) & 1U) != 0;
  const std::size_t size = splat ? 1 : length(bound);
  return {bound.args[k], size, size > 1};
}

template <class A, class B>
bool overlap(const A& a, const B& b) {
  return a.first < b.first + b.size && b.first < a.first + a.size;
}

/// Whether an instruction touches `region` at every element, so that nobody is done with it before the end.
bool until_the_end(const Region& region, const Bound& owner) { return !region.moving && length(owner) > 1; }

/// The lag with which `later` can follow `earlier` at `lag`, if it can. Of two overlapping regions, the first must have
/// been passed before the second is touched.
std::optional<std::size_t> lag_behind(const Bound& earlier, std::size_t lag, const Bound& later,
                                      std::size_t longest_lag) {
  std::ptrdiff_t needed = 0;
  const auto consider = [&](const Region& before, const Region& after) {
    if (!overlap(before, after)) return true;
    if (until_the_end(before, earlier)) return false;
    needed = std::max(needed, static_cast<std::ptrdiff_t>(lag) + (after.first - before.first));
    return true;
  };
  for (std::size_t k = 0; k < later.arity; ++k)
    if (!consider(written(earlier), read(later, k))) return std::nullopt;
  for (std::size_t k = 0; k < earlier.arity; ++k)
    if (!consider(read(earlier, k), written(later))) return std::nullopt;
  if (!consider(written(earlier), written(later))) return std::nullopt;
  const auto rounded = (static_cast<std::size_t>(needed) + 7) / 8 * 8;  // sums go by eights
  // One element alone can wait for as long as it likes.
  if (rounded > longest_lag && length(later) > 1) return std::nullopt;
  return rounded;
}

/// Adjacent doubles.
struct Stretch {
  const double* first = nullptr;
  std::size_t size = 0;
};

/// A union of stretches of memory.
class Cover {
 public:
  /// @param adjacent  whether neighbours that don't overlap become one
  explicit Cover(bool adjacent) : slack_(adjacent ? 1 : 0) {}

  void add(Stretch span) {
    for (auto it = spans_.begin(); it != spans_.end();) {
      const bool touches = span.first < it->first + it->size + slack_ && it->first < span.first + span.size + slack_;
      if (!touches) {
        ++it;
        continue;
      }
      const double* end = std::max(span.first + span.size, it->first + it->size);
      span.first = std::min(span.first, it->first);
      span.size = static_cast<std::size_t>(end - span.first);
      it = spans_.erase(it);
    }
    spans_.push_back(span);
  }
  [[nodiscard]] bool contains(const Region& region) const {
    return std::ranges::any_of(spans_, [&](const Stretch& span) {
      return span.first <= region.first && region.first + region.size <= span.first + span.size;
    });
  }
  [[nodiscard]] const std::vector<Stretch>& spans() const { return spans_; }

 private:
  std::size_t slack_;
  std::vector<Stretch> spans_;
};

/// Calls visit(region, lag, number) for every region that the group's instructions touch, in order of execution;
/// `number` is an argument's, or -1 for the result.
template <class Visit>
void visit_regions(const std::vector<Bound>& code, const TileGroup& group, Visit visit) {
  for (std::size_t i = group.begin; i < group.end; ++i) {
    for (int k = 0; k < code[i].arity; ++k) visit(read(code[i], static_cast<std::size_t>(k)), i, k);
    visit(written(code[i]), i, -1);
  }
}

/// The window for a stretch of memory, if it can have one: everything that is read of it was written in the group,
/// every access moves along, and they stay close together.
std::optional<TileGroup::Buffer> make_buffer(const std::vector<Bound>& code, const TileGroup& group,
                                             const Stretch& stretch, const Tiling& tiling) {
  Cover known(true);
  bool possible = true;
  std::ptrdiff_t oldest = std::numeric_limits<std::ptrdiff_t>::min();
  std::ptrdiff_t newest = std::numeric_limits<std::ptrdiff_t>::max();
  visit_regions(code, group, [&](const Region& region, std::size_t i, int k) {
    if (!overlap(region, stretch)) return;
    possible = possible && !until_the_end(region, code[i]) && (k < 0 || known.contains(region));
    if (k < 0) known.add({region.first, region.size});
    const auto trail = static_cast<std::ptrdiff_t>(group.parts[i - group.begin].lag) - (region.first - stretch.first);
    oldest = std::max(oldest, trail);
    newest = std::min(newest, trail);
  });
  if (!possible || oldest - newest > static_cast<std::ptrdiff_t>(tiling.longest_lag)) return std::nullopt;
  TileGroup::Buffer buffer;
  buffer.first = stretch.first;
  buffer.oldest = oldest;
  buffer.kept = static_cast<std::size_t>(oldest - newest);
  buffer.window.assign(buffer.kept + tiling.tile, 0.0);
  return buffer;
}

/// Whether something that the group leaves in the stretch is read after it.
bool is_live(const std::vector<Bound>& code, const TileGroup& group, const Stretch& stretch) {
  // Several instructions may have one position.
  const std::uint32_t next =
      group.end < code.size() ? code[group.end].source->position : code[group.end - 1].source->position + 1;
  for (std::size_t i = group.begin; i < group.end; ++i)
    if (overlap(written(code[i]), stretch) && code[i].source->last >= next) return true;
  return false;
}

void add_buffers(const std::vector<Bound>& code, TileGroup& group, const Tiling& tiling) {
  // Regions that overlap share a window: what is written in parts is read as a whole.
  Cover touched(false);
  visit_regions(code, group, [&](const Region& region, std::size_t, int) { touched.add({region.first, region.size}); });
  for (const Stretch& stretch : touched.spans()) {
    if (stretch.size < tiling.shortest) continue;
    if (is_live(code, group, stretch)) continue;
    auto buffer = make_buffer(code, group, stretch, tiling);
    if (!buffer) continue;
    const int number = static_cast<int>(group.buffers.size());
    group.buffers.push_back(std::move(*buffer));
    visit_regions(code, group, [&](const Region& region, std::size_t i, int k) {
      if (!overlap(region, stretch)) return;
      TileGroup::Part& part = group.parts[i - group.begin];
      (k < 0 ? part.out : part.args[k]) = number;
    });
  }
}

/// The eight partial sums of language::ordered_sum, carried from tile to tile.
struct PartialSum {
  double partial[8] = {};
  bool begun = false;

  /// The terms of elements begin … end-1; a and b point to the first of them.
  template <Op op>
  void add(const Bound& bound, const double* a, const double* b, std::size_t begin, std::size_t end) {
    const std::size_t count = end - begin;
    const auto term = [&](std::size_t e) { return op == Op::sum ? a[e] : op == Op::norm ? a[e] * a[e] : a[e] * b[e]; };
    std::size_t e = 0;
    if (!begun && count >= 8) {
      for (; e < 8; ++e) partial[e] = term(e);
      begun = true;
    }
    double sum[8];
    std::copy_n(partial, 8, sum);
    for (; e + 8 <= count; e += 8)
      for (std::size_t j = 0; j < 8; ++j) sum[j] += term(e + j);
    std::copy_n(sum, 8, partial);
    if (end < length(bound)) return;
    double total = ((partial[0] + partial[1]) + (partial[2] + partial[3])) +
                   ((partial[4] + partial[5]) + (partial[6] + partial[7]));
    for (; e < count; ++e) total += term(e);
    *bound.out = op == Op::norm ? std::sqrt(total) : total;
  }

  void add(const Bound& bound, const double* a, const double* b, std::size_t begin, std::size_t end) {
    if (bound.source->op == Op::sum) return add<Op::sum>(bound, a, b, begin, end);
    if (bound.source->op == Op::dot) return add<Op::dot>(bound, a, b, begin, end);
    add<Op::norm>(bound, a, b, begin, end);
  }
};

/// Where the memory at `pointer` stands while the tile that begins at element `from` is executed.
double* in_window(const TileGroup::Buffer& buffer, const double* pointer, std::size_t from) {
  return buffer.window.data() + (pointer - buffer.first) - static_cast<std::ptrdiff_t>(from) + buffer.oldest;
}

}  // namespace

std::vector<TileGroup> find_tile_groups(const std::vector<Bound>& code, const Tiling& tiling) {
  std::vector<TileGroup> groups;
  for (std::size_t begin = 0; begin < code.size();) {
    TileGroup group;
    group.begin = group.end = begin;
    std::size_t long_ones = 0;
    for (; group.end < std::min(code.size(), begin + most_instructions) && can_be_tiled(code[group.end]); ++group.end) {
      const Bound& next = code[group.end];
      std::optional<std::size_t> lag = 0;
      for (std::size_t i = begin; i < group.end && lag; ++i) {
        const auto behind = lag_behind(code[i], group.parts[i - begin].lag, next, tiling.longest_lag);
        lag = behind ? std::optional(std::max(*lag, *behind)) : std::nullopt;
      }
      if (!lag) break;
      group.parts.push_back({.lag = *lag});
      if (length(next) >= tiling.shortest) ++long_ones;
    }
    begin = std::max(group.end, begin + 1);
    if (long_ones < 2) continue;
    group.tile = tiling.tile;
    add_buffers(code, group, tiling);
    groups.push_back(std::move(group));
  }
  return groups;
}

void execute_tiles(const std::vector<Bound>& code, const TileGroup& group) {
  const std::size_t tile = group.tile;
  std::vector<PartialSum> sums(group.end - group.begin);
  std::size_t last = 0;
  for (std::size_t i = group.begin; i < group.end; ++i)
    last = std::max(last, length(code[i]) + group.parts[i - group.begin].lag);
  for (std::size_t from = 0; from < last; from += tile) {
    if (from > 0)
      for (const TileGroup::Buffer& buffer : group.buffers)
        std::copy_n(buffer.window.data() + tile, buffer.kept, buffer.window.data());
    for (std::size_t i = group.begin; i < group.end; ++i) {
      const Bound& bound = code[i];
      const TileGroup::Part& part = group.parts[i - group.begin];
      const std::size_t begin = from > part.lag ? from - part.lag : 0;
      const std::size_t end = std::min(from + tile > part.lag ? from + tile - part.lag : 0, length(bound));
      if (begin >= end) continue;
      const double* args[3] = {};
      for (std::size_t k = 0; k < bound.arity; ++k) {
        args[k] = bound.args[k] + (((bound.splat >> k) & 1U) != 0 ? 0 : begin);
        if (part.args[k] != TileGroup::in_memory)
          args[k] = in_window(group.buffers[static_cast<std::size_t>(part.args[k])], args[k], from);
      }
      if (is_tiled_sum(bound)) {
        sums[i - group.begin].add(bound, args[0], args[1], begin, end);
        continue;
      }
      double* out = bound.out + begin;
      if (part.out != TileGroup::in_memory)
        out = in_window(group.buffers[static_cast<std::size_t>(part.out)], out, from);
      bound.kernel(out, args[0], args[1], args[2], end - begin, bound.aux);
    }
  }
}

}  // namespace optexplore::backend
