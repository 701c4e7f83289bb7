// The conformance command judges: it passes what is right, fails what is wrong, skips what it does not know.

import Foundation
import Testing
import Workbook

@testable import workbook_cli

/// A manifest of one case in a temporary folder.
private struct Manifest: ~Copyable {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("conformance-\(UUID().uuidString)")

  init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// Writes the case and its tensors, and runs it.
  func run(
    _ json: String, _ tensors: [String: StoredTensor] = [:], tolerance: String = "\"rtol\": 1e-6, \"atol\": 1e-6"
  ) throws -> Verdict {
    try Safetensors.write(tensors, to: folder.path + "/case.safetensors")
    let text = """
      {"format": 1, "cases": [{"name": "one", "file": "case.safetensors", "features": [],
        "tolerance": {\(tolerance)}, \(json)}]}
      """
    try Data(text.utf8).write(to: folder.appendingPathComponent("manifest.json"))
    let cases = try ConformanceCase.load(folder: folder.path)
    return try #require(cases.first).run()
  }
}

private func floats(_ shape: Shape, _ elements: [Float]) -> StoredTensor { .floats(Tensor(shape, elements)) }

extension Verdict {
  fileprivate var isSkip: Bool { if case .skipped = self { true } else { false } }
  fileprivate var failure: String? { if case .failed(let reason) = self { reason } else { nil } }
}

@Suite("./workbook conformance")
struct ConformanceTests {
  private let relu = """
    "kind": "op", "op": "relu", "attributes": {}, "inputs": ["x"], "parameters": [], "buffers": [], "outputs": ["y"],
    "upstream": {"y": "up"}, "gradients": {"x": "dx"}
    """
  private let x = floats([1, 3], [-1, 0, 2])
  private let up = floats([1, 3], [5, 6, 7])

  @Test("a right output with a right gradient passes")
  func passes() throws {
    let verdict = try Manifest().run(
      relu, ["x": x, "up": up, "y": floats([1, 3], [0, 0, 2]), "dx": floats([1, 3], [0, 0, 7])])
    #expect(verdict == .passed)
  }

  @Test("a wrong output, a wrong gradient, a wrong shape and NaN each fail and are named")
  func fails() throws {
    let y = floats([1, 3], [0, 0, 2])
    let dx = floats([1, 3], [0, 0, 7])
    let cases: [(StoredTensor, StoredTensor, String)] = [
      (floats([1, 3], [0, 0.1, 3]), dx, "y[2]: expected 3.0, got 2.0"), (y, floats([1, 3], [0, 6, 7]), "dx[1]"),
      (floats([3, 1], [0, 0, 2]), dx, "expected shape [3, 1]"),
      (floats([1, 3], [0, .nan, 2]), dx, "y[1]: expected nan"),
    ]
    for (y, dx, message) in cases {
      let failure = try Manifest().run(relu, ["x": x, "up": up, "y": y, "dx": dx]).failure
      #expect(failure?.contains(message) == true, "\(failure ?? "it passed")")
    }
  }

  @Test("an upstream gradient of the wrong size fails instead of stopping the program")
  func upstreamSize() throws {
    let failure = try Manifest().run(
      relu, ["x": x, "up": floats([1, 2], [1, 2]), "y": floats([1, 3], [0, 0, 2]), "dx": x]
    ).failure
    #expect(failure == "up: expected 3 numbers, got 2")
  }

  @Test("the allowed deviation is atol + rtol·|expected|, with a tensor's own atol where it has one")
  func tolerance() throws {
    let json = #""kind": "op", "op": "relu", "attributes": {}, "inputs": ["x"], "outputs": ["y"]"#
    // 100 − 99 = 1 < 0.5 + 0.01·99, but 100 − 98 = 2 > 0.5 + 0.01·98.
    func verdict(_ y: Float) throws -> Verdict {
      try Manifest().run(
        json, ["x": floats([1, 1], [100]), "y": floats([1, 1], [y])],
        tolerance: #""rtol": 0.01, "atol": 0, "atol_by_tensor": {"y": 0.5}"#)
    }
    #expect(try verdict(99) == .passed)
    #expect(try verdict(98).failure != nil)
  }

  @Test(
    "what a kernel would refuse is skipped with its reason",
    arguments: [
      ("max_pool2d", #""kernel": [2, 2], "stride": [-1, 1], "pads": [0, 0, 0, 0]"#),
      ("max_pool2d", #""kernel": [0, 2]"#), ("avg_pool2d", #""kernel": [2, 2], "pads": [0, -1, 0, 0]"#),
      ("avg_pool2d", #""kernel": [9, 9]"#), ("max_pool2d", #""kernel": "2""#), ("max_pool2d", #""kernel": [1e300, 2]"#),
      ("softmax", #""axis": 99"#), ("tangent", ""), ("maxout", #""in_features": 0, "out_features": 1, "pieces": 1"#),
    ])
  func refusals(_ op: String, _ attributes: String) throws {
    let image = floats([1, 1, 3, 3], Array(repeating: 1, count: 9))
    let json = #""kind": "op", "op": "\#(op)", "attributes": {\#(attributes)}, "inputs": ["x"], "outputs": ["y"]"#
    let verdict = try Manifest().run(json, ["x": image, "y": image])
    #expect(verdict.isSkip, "\(verdict)")
  }

  @Test("a class outside the logits is skipped instead of stopping the program")
  func labels() throws {
    let json = """
      "kind": "op", "op": "softmax_cross_entropy", "attributes": {"reduction": "mean"}, "inputs": ["x", "target"],
      "outputs": ["loss"]
      """
    let tensors: (Int) -> [String: StoredTensor] = { label in
      ["x": floats([1, 2], [0, 0]), "target": .integers([1], [label]), "loss": floats([], [0.6931472])]
    }
    #expect(try Manifest().run(json, tensors(1)) == .passed)
    #expect(try Manifest().run(json, tensors(2)).isSkip)
    #expect(try Manifest().run(json, tensors(-1)).isSkip)
  }

  @Test("running statistics carry over from step to step")
  func sequence() throws {
    // Momentum ½: the mean of [1, 3] is 2, so the running mean goes 0 → 1 → 1½.
    let json = """
      "kind": "op_sequence", "op": "batch_norm", "attributes": {"momentum": 0.5, "eps": 0},
      "parameters": ["weight", "bias"], "buffers": ["running_mean", "running_var"], "steps": [
        {"training": true, "inputs": {"x": "x"}, "outputs": {"y": "y", "running_mean_out": "m1"}},
        {"training": true, "inputs": {"x": "x"}, "outputs": {"running_mean_out": "m2"}}]
      """
    var tensors = [
      "x": floats([2, 1], [1, 3]), "y": floats([2, 1], [-1, 1]), "weight": floats([1], [1]), "bias": floats([1], [0]),
      "running_mean": floats([1], [0]), "running_var": floats([1], [1]), "m1": floats([1], [1]),
      "m2": floats([1], [1.5]),
    ]
    #expect(try Manifest().run(json, tensors) == .passed)
    tensors["m2"] = floats([1], [1])
    #expect(try Manifest().run(json, tensors).failure?.hasPrefix("m2") == true)
  }

  @Test("a schedule and an optimizer are followed step by step")
  func learning() throws {
    let schedule = { (values: String) in
      """
      "kind": "schedule", "op": "multi_step", "attributes": {"base_lr": 1, "gamma": 0.5, "milestones": [1, 3]},
      "values": \(values)
      """
    }
    #expect(try Manifest().run(schedule("[1, 0.5, 0.5, 0.25]")) == .passed)
    #expect(try Manifest().run(schedule("[1, 1, 0.5, 0.25]")).failure != nil)
    let sgd = """
      "kind": "optimizer", "op": "sgd", "attributes": {"momentum": 0.5, "lr_per_step": [1, 0.5]}, "parameters": ["w"],
      "initial": {"w": "w"}, "gradients_per_step": {"w": "g"}, "trajectory": {"w": "t"}
      """
    // v = 1, then 1½: w = 0 − 1, then −1 − ½·1½.
    let tensors = ["w": floats([1], [0]), "g": floats([2, 1], [1, 1]), "t": floats([2, 1], [-1, -1.75])]
    #expect(try Manifest().run(sgd, tensors) == .passed)
    #expect(
      try Manifest().run(sgd, ["w": floats([1], [0]), "g": floats([1, 1], [1]), "t": floats([2, 1], [0, 0])]).failure
        != nil)
  }

  @Test("a manifest that is missing or no JSON is refused by its path")
  func manifests() throws {
    let manifest = try Manifest()
    #expect(throws: DataError.self) { try ConformanceCase.load(folder: manifest.folder.path) }
    try Data("{\"cases\": 3}".utf8).write(to: manifest.folder.appendingPathComponent("manifest.json"))
    #expect(throws: DataError.self) { try ConformanceCase.load(folder: manifest.folder.path) }
  }
}
