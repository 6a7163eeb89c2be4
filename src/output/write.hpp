#pragma once

#include <functional>
#include <optexplore/table.hpp>
#include <optional>
#include <vector>

#include "os/sink.hpp"
#include "output/writer.hpp"

namespace optexplore::output {

/// Told of each block that was written, without its numbers; in order, never twice at once.
using BlockObserver = std::function<void(const Block& written)>;
/// The next block, or nothing at the end.
using BlockSource = std::function<std::optional<Block>()>;
/// Computes some blocks, independently of others; nothing when it was cut short: then the table ends before it.
using BlockJob = std::function<std::optional<std::vector<Block>>()>;
using JobSource = std::function<std::optional<BlockJob>()>;

/// Writes a whole table, and finishes the sink: blocks come one at a time, are turned into text on up to `jobs`
/// threads, and written in order. The bytes do not depend on `jobs`, and only a bounded number of blocks is held.
/// @param jobs  number of threads; 0: as many as the machine has
/// Exceptions of the source, the writer, the sink and the observer come through unchanged.
void write_all(const BlockSource& next, Writer& writer, os::Sink& sink, unsigned jobs,
               const BlockObserver& observer = {});

/// The same for blocks that are computed on these threads, too, but for the end of the sink: it is the caller's, who
/// knows whether the table is whole.
void compute_all(const JobSource& next, Writer& writer, os::Sink& sink, unsigned jobs,
                 const BlockObserver& observer = {});

/// The same for a table in memory.
void write_table(const Table& table, Writer& writer, os::Sink& sink);

}  // namespace optexplore::output
