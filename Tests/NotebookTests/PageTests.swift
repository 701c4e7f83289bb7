// What a page does from its first line to its files.

import Foundation
import Testing

@testable import Notebook

@Suite struct PageTests {
  @Test("publishes one HTML file and its record")
  func publishes() throws {
    let keep = ProcessInfo.processInfo.environment["SAMPLE_PAGE"]
    try withTemporaryFolder { folder in
      let transcript = Transcript()
      var page = Sample.page(Sample.options(folder: keep ?? folder), console: transcript.console())
      let path = try page.publish()
      let html = try String(contentsOfFile: path, encoding: .utf8)
      #expect(html.contains("Why the first weights matter"))
      #expect(transcript.text.contains(path))
      let json = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: (keep ?? folder) + "/page.json"))) as? [String: Any]
      #expect(json?["chapter"] as? Int == 4)
      #expect((json?["claims"] as? [Any])?.count == 3)
      if let keep { try AtomicFile.write(transcript.text, to: keep + "/terminal.txt") }
    }
  }
}
