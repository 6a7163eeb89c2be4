#pragma once

#include <memory>

#include "table/format.hpp"

namespace optexplore::table {

/// One maker per format, each in the source file of that name; format.cpp holds the table.
std::unique_ptr<Format> make_csv(Document document);
std::unique_ptr<Format> make_tsv(Document document);
std::unique_ptr<Format> make_json(Document document);
std::unique_ptr<Format> make_jsonl(Document document);
std::unique_ptr<Format> make_gnuplot(Document document);
std::unique_ptr<Format> make_npy(Document document);

/// Rows that belong to no trajectory; table.cpp.
std::unique_ptr<Format> make_table_json(Document document);
std::unique_ptr<Format> make_table_gnuplot(Document document);
std::unique_ptr<Format> make_matrix(Document document);

}  // namespace optexplore::table
