// audit_log on the writer and the read pool.
#pragma once

#include "store/audit_log.hpp"
#include "store/sqlite/read_pool.hpp"
#include "store/sqlite/writer.hpp"

namespace posthorn::store::sqlite {

class audit_gateway final : public audit_log {
 public:
  audit_gateway(writer& to, read_pool& reads) : writer_(to), reads_(reads) {}

  base::result<void> write() override;
  base::result<page<audit_entry>> list_changes(const log_subject& of, std::int64_t cursor, std::size_t limit) override;

 private:
  writer& writer_;
  read_pool& reads_;
};

}  // namespace posthorn::store::sqlite
