#pragma once

#include <memory>
#include <string>

#include "output/writer.hpp"

namespace optexplore::output {

/// One maker per format, each in the source file of that name; format.cpp has the list.
std::unique_ptr<Writer> make_csv(const Schema& schema, const WriteOptions& options);
std::unique_ptr<Writer> make_tsv(const Schema& schema, const WriteOptions& options);
std::unique_ptr<Writer> make_json(const Schema& schema, const WriteOptions& options);
std::unique_ptr<Writer> make_jsonl(const Schema& schema, const WriteOptions& options);
std::unique_ptr<Writer> make_gnuplot(const Schema& schema, const WriteOptions& options);
std::unique_ptr<Writer> make_npy(const Schema& schema, const WriteOptions& options);
std::unique_ptr<Writer> make_md(const Schema& schema, const WriteOptions& options);
std::unique_ptr<Writer> make_text(const Schema& schema, const WriteOptions& options);
std::unique_ptr<Writer> make_matrix(const Schema& schema, const WriteOptions& options);

/// A matrix holds one value for each point of a grid.
std::string matrix_refusal(const Schema& schema);

}  // namespace optexplore::output
