// What programs of the workbook read of each other, changed at random: grades, points, manifests, findings, requests.

import Foundation
import Fuzzing
import Testing

@testable import Workbook
@testable import workbook_cli

@Suite struct RecordMutationTests {
  @Test("Grades of several machines are put together or refused, and become every form of report")
  func grades() throws {
    let file = try FuzzFile("grades.json")
    let right = #"""
      [{"cases":[{"call":"f(1)","finding":"","passed":true},{"call":"f(2)","finding":"expected 1","passed":false}],
      "exercise":"4.3","passedCases":1,"printed":"x","reason":"expected 1","status":"failed","student":"ada","title":"He"}]
      """#
    let words = Fuzz.json + ["passedCases", "student", "status", "passed", "not attempted", "4.2", "halt", "effect"]
    let count = Fuzz("grades", seeds: [Array(right.utf8)], words: words).run(usually: 2000) { bytes in
      try file.write(bytes)
      let grades = try Grade.merged([file.path])
      let csv = GradeTable.csv(grades) + GradeTable.junit(grades) + PlatformGrades.canvas(grades, points: PointsTable())
      #expect(!csv.contains("\u{202E}"))
    }
    #expect(count.refused > count.runs / 4, "hardly a change was noticed: \(count.refused)")
  }

  @Test("A table of points is read or refused by its line")
  func points() {
    let right = "# the first week\nexercise,points,due\n4.3,4,2027-03-01\n\n4.1, 1.5\n"
    let words = ["4.3", ",", "\n", "\r\n", "-1", "1e308", "nan", "0x1p4", "\u{FEFF}", "#", "9".repeated(40)]
    let count = Fuzz("points", seeds: [Array(right.utf8)], words: words).run(usually: 5000) { bytes in
      let table = try PointsTable(String(decoding: bytes, as: UTF8.self), shownAs: "points.csv")
      #expect(table.points(of: "4.3") >= 0)
    }
    #expect(count.refused > count.runs / 4, "hardly a change was noticed: \(count.refused)")
  }

  @Test("A conformance manifest is refused, or its cases end in a verdict")
  func manifests() throws {
    let file = try FuzzFile("manifest.json")
    let image = StoredTensor.floats(Tensor([1, 1, 3, 3], Array(repeating: 1, count: 9)))
    try Safetensors.write(["x": image, "y": image], to: file.folder + "/t.safetensors")
    let cases = [
      #""kind": "op", "op": "max_pool2d", "attributes": {"kernel": [2, 2], "stride": [1, 1], "pads": [0, 0, 0, 0]}"#,
      #""kind": "op", "op": "conv2d", "attributes": {"stride": 1, "dilation": 1, "groups": 1}, "parameters": ["x"]"#,
      #""kind": "op", "op": "softmax", "attributes": {"axis": 1}, "upstream": {"y": "y"}, "gradients": {"x": "x"}"#,
      #""kind": "schedule", "op": "multi_step", "attributes": {"base_lr": 1, "milestones": [1]}, "values": [1, 0.5]"#,
    ].map { #"{"cases": [{"name": "one", "file": "t.safetensors", "inputs": ["x"], "outputs": ["y"], "# + $0 + "}]}" }
    let words = Fuzz.json + ["avg_pool2d", "relu", "batch_norm", "kernel", "stride", "pads", "axis", "\"x\"", "1e18"]
    let fuzz = Fuzz("manifests", seeds: cases.map { Array($0.utf8) }, words: words)
    var judged = 0
    _ = fuzz.run(usually: 2000) { bytes in
      try file.write(bytes)
      for example in try ConformanceCase.load(folder: file.folder) {
        _ = example.run()
        judged += 1
      }
    }
    #expect(judged > 100, "the mutations leave hardly a case: \(judged)")
  }

  @Test("Requests to the server of a page get an answer or wait for their end")
  func requests() throws {
    let server = try PageServer(token: "secret")
    let right = "GET /secret/ HTTP/1.1\r\nHost: localhost:\(server.port)\r\nAccept: */*\r\n\r\n"
    let words = ["\r\n", "\r\n\r\n", "GET ", "POST ", "HTTP/1.1", "Host: ", "/secret/state", "../", "\0", " "]
    var answered = 0
    let count = Fuzz("requests", seeds: [Array(right.utf8)], words: words).run(usually: 5000) { bytes in
      if server.reply(to: bytes) != nil { answered += 1 }
    }
    #expect(answered > count.runs / 20, "the mutations leave hardly a request: \(answered)")
  }
}

extension String {
  fileprivate func repeated(_ count: Int) -> String { String(repeating: self, count: count) }
}
