// The console as browsers get it: its rules, its caching, and addresses within it.
#include <regex>

#include "integration/platform.hpp"

namespace posthorn::test {
namespace {

class console_page : public platform {
 protected:
  http_answer get(std::string_view target, const http_headers& headers = {}, std::string_view method = "GET") {
    http_connection to(server.port());
    return to.call(method, target, headers);
  }

  // The address of a file that the page loads.
  std::string file_of(const std::string& page) {
    std::smatch found;
    EXPECT_TRUE(std::regex_search(page, found, std::regex(R"#(src="(/console/[^"]*\.js)")#")));
    return found[1];
  }
};

TEST_F(console_page, is_where_people_look_for_it) {
  for (const char* target : {"/", "/console"}) {
    const http_answer given = get(target);
    EXPECT_EQ(given.status, 302) << target;
    EXPECT_EQ(given.header("Location"), "/console/") << target;
  }
  const http_answer page = get("/console/");
  ASSERT_EQ(page.status, 200);
  EXPECT_EQ(page.header("Content-Type"), "text/html; charset=utf-8");
  for (const char* target : {"/console/deployments", "/console/i/12345678901234567890/events?uid=a&x=1",
                             "/console/index.html", "/console/no/such/page"}) {
    EXPECT_EQ(get(target).body, page.body) << target;
  }
}

TEST_F(console_page, runs_nothing_but_its_own_scripts_and_calls_nobody_else) {
  const http_answer page = get("/console/");
  for (const http_answer& given : {page, get(file_of(page.body))}) {
    EXPECT_EQ(given.header("Content-Security-Policy"),
              "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
              "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    EXPECT_EQ(given.header("X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(given.header("Referrer-Policy"), "no-referrer");
    EXPECT_EQ(given.header("Vary"), "Accept-Encoding");
  }
}

TEST_F(console_page, keeps_its_files_and_asks_again_for_its_page) {
  const http_answer page = get("/console/");
  EXPECT_EQ(page.header("Cache-Control"), "no-cache");
  EXPECT_EQ(get("/console/", {{"If-None-Match", page.header("ETag")}}).status, 304);
  const std::string file = file_of(page.body);
  const http_answer plain = get(file);
  EXPECT_EQ(plain.status, 200);
  EXPECT_EQ(plain.header("Content-Type"), "text/javascript; charset=utf-8");
  EXPECT_EQ(plain.header("Cache-Control"), "public, max-age=31536000, immutable");
  const http_answer packed = get(file, {{"Accept-Encoding", "gzip, br"}});
  EXPECT_EQ(packed.header("Content-Encoding"), "gzip");
  EXPECT_LT(packed.body.size(), plain.body.size() / 2);
}

TEST_F(console_page, has_no_files_but_its_own) {
  EXPECT_EQ(get("/console/", {}, "POST").status, 405);
  for (const char* target : {"/console/none.js", "/console/..%2findex.html", "/console/a/index.html", "/consoles"}) {
    EXPECT_EQ(get(target).status, 404) << target;
  }
}

}  // namespace
}  // namespace posthorn::test
