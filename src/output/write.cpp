#include "output/write.hpp"

#include <utility>

#include "parallel/ordered_map.hpp"

namespace optexplore::output {
namespace {

struct Rendered {
  Block block;  ///< without its numbers
  Parts parts;
};

using Batch = std::vector<Rendered>;

/// Nothing: the table ends before it.
std::optional<Batch> rendered(std::optional<std::vector<Block>> blocks, const Writer& writer) {
  if (!blocks) return std::nullopt;
  Batch batch;
  for (Block& block : *blocks) {
    Parts parts = writer.render(block);
    block.numbers = {};
    batch.push_back({std::move(block), std::move(parts)});
  }
  return batch;
}

template <class Source, class Compute>
void write_each(Source source, Compute compute, Writer& writer, os::Sink& sink, unsigned jobs,
                const BlockObserver& observer) {
  writer.begin(sink);
  bool ended = false;
  parallel::ordered_map(jobs, source, compute, [&](std::optional<Batch> batch) {
    ended = ended || !batch;
    if (ended) return;
    for (Rendered& next : *batch) {
      writer.write(next.block, std::move(next.parts), sink);
      if (observer) observer(next.block);
    }
  });
  writer.end(sink);
}

}  // namespace

void write_all(const BlockSource& next, Writer& writer, os::Sink& sink, unsigned jobs, const BlockObserver& observer) {
  write_each([&next] { return next(); }, [&](Block block) { return rendered({{std::move(block)}}, writer); }, writer,
             sink, jobs, observer);
  sink.finish();
}

void compute_all(const JobSource& next, Writer& writer, os::Sink& sink, unsigned jobs, const BlockObserver& observer) {
  write_each([&next] { return next(); }, [&](const BlockJob& job) { return rendered(job(), writer); }, writer, sink,
             jobs, observer);
}

void write_table(const Table& table, Writer& writer, os::Sink& sink) {
  writer.begin(sink);
  Block block = table.block();
  Parts parts = writer.render(block);
  if (block.rows > 0) writer.write(block, std::move(parts), sink);
  writer.end(sink);
  sink.finish();
}

}  // namespace optexplore::output
