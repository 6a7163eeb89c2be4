#pragma once

#include <functional>
#include <optexplore/run.hpp>

#include "os/sink.hpp"
#include "table/format.hpp"

namespace optexplore::table {

/// Called for the last block of each trajectory (without its values), in output order, never twice
/// at once.
using TrajectoryObserver = std::function<void(const RowBlock& last)>;

/// Writes a whole stream, and finishes the sink: rows are computed on one thread at a time, turned
/// into text on up to `jobs` threads, and written in order. The bytes do not depend on `jobs`, and
/// only a bounded number of blocks is held.
/// @param jobs  number of threads; 0: as many as the machine has
/// Exceptions of the stream, the format, the sink and the observer come through unchanged.
void write_all(RunStream& stream, Format& format, os::Sink& sink, unsigned jobs,
               const TrajectoryObserver& observer = {});

/// The same for any source of blocks.
using BlockSource = std::function<std::optional<RowBlock>()>;
void write_all(const BlockSource& next, Format& format, os::Sink& sink, unsigned jobs,
               const TrajectoryObserver& observer = {});

/// The same for blocks that can be computed independently of one another: the source hands out the work in output
/// order, and up to `jobs` threads do it.
using BlockJob = std::function<RowBlock()>;
using JobSource = std::function<std::optional<BlockJob>()>;
void compute_all(const JobSource& next, Format& format, os::Sink& sink, unsigned jobs,
                 const TrajectoryObserver& observer = {});

}  // namespace optexplore::table
