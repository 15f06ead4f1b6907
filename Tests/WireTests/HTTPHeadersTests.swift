import Testing
import Wire

@Suite struct HTTPHeadersTests {
  @Test("names compare without case, and lists join over fields")
  func lists() {
    var headers: HTTPHeaders = ["Accept": "a , b;q=1,", "ACCEPT": "\tc "]
    #expect(headers.list("accept") == ["a", "b;q=1", "c"])
    #expect(headers.lists("accept", "C"))
    headers.set("accept", "d")
    #expect(headers.all("Accept") == ["d"])
  }

  @Test("a target has a path and perhaps a query")
  func target() {
    let request = HTTPRequest(method: "GET", target: "/graphql?query=%7Ba%7D?")
    #expect(request.path == "/graphql" && request.query == "query=%7Ba%7D?")
    #expect(HTTPRequest(method: "GET", target: "/graphql").query == nil)
  }
}
