// Files that are whole, and files that are not.

import Datasets
import Foundation
import Tensors
import Testing

/// A folder that is gone after the test.
final class Scratch {
  let path: String
  init() throws {
    path = NSTemporaryDirectory() + "workbook-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }
  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ bytes: [UInt8], _ name: String) throws -> String {
    let file = path + "/" + name
    try Data(bytes).write(to: URL(fileURLWithPath: file))
    return file
  }
}

/// An IDX file of the given extents.
func idx(_ extents: [Int], bytes: [UInt8]? = nil, magic: [UInt8]? = nil) -> [UInt8] {
  let header =
    (magic ?? [0, 0, 8, UInt8(extents.count)])
    + extents.flatMap { extent in (0..<4).map { UInt8(truncatingIfNeeded: extent >> (24 - 8 * $0)) } }
  return header + (bytes ?? [UInt8](repeating: 7, count: extents.reduce(1, *)))
}

@Suite("IDX") struct IDXTests {
  @Test("reads what was written, plain and through gzip")
  func reads() throws {
    let scratch = try Scratch()
    let file = try scratch.write(idx([2, 1, 3], bytes: [1, 2, 3, 4, 5, 6]), "images")
    #expect(try IDX(contentsOf: file, axes: 3).bytes == [1, 2, 3, 4, 5, 6])
    let gzip = Process()
    gzip.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    gzip.arguments = ["gzip", "-k", file]
    try gzip.run()
    gzip.waitUntilExit()
    #expect(try IDX(contentsOf: file + ".gz", axes: 3) == IDX(contentsOf: file, axes: 3))
    // A compressed file that ends in the middle, and one with a damaged byte.
    let whole = try Array(Data(contentsOf: URL(fileURLWithPath: file + ".gz")))
    let cut = try scratch.write(Array(whole.dropLast(9)), "cut.gz")
    #expect(throws: DataError.self) { try IDX(contentsOf: cut, axes: 3) }
    var damaged = whole
    damaged[whole.count - 6] ^= 0xFF
    let broken = try scratch.write(damaged, "broken.gz")
    #expect(throws: DataError.self) { try IDX(contentsOf: broken, axes: 3) }
  }

  @Test(
    "says what it expected and what it found",
    arguments: [
      ([], "a header of 16 bytes", "0 bytes"),
      (idx([2, 2, 2], magic: [0, 0, 8, 1]), "magic number 2051", "2049"),
      (idx([2, 2, 2], bytes: [1, 2, 3]), "16 + 2·2·2 = 24 bytes", "19"),
      (idx([2, 2, 2]) + [0], "24 bytes", "25"),
      (idx([0, 2, 2], bytes: []), "positive extents", "[0, 2, 2]"),
      (idx([0xFFFF_FFFF, 0xFFFF_FFFF, 0xFFFF_FFFF], bytes: [1]), "positive extents", "4294967295"),
    ] as [([UInt8], String, String)])
  func refuses(bytes: [UInt8], expected: String, found: String) throws {
    let scratch = try Scratch()
    let file = try scratch.write(bytes, "images")
    let error = #expect(throws: DataError.self) { try IDX(contentsOf: file, axes: 3) }
    let message = error?.description ?? ""
    #expect(message.contains(expected) && message.contains(found) && message.contains(file), "\(message)")
    #expect(!message.contains("\n"))
  }

  @Test("a file that is missing, and a folder in its place")
  func missing() throws {
    let scratch = try Scratch()
    #expect(throws: DataError.self) { try IDX(contentsOf: scratch.path + "/nothing", axes: 1) }
    #expect(throws: DataError.self) { try IDX(contentsOf: scratch.path, axes: 1) }
  }
}

@Suite("MNIST") struct MNISTTests {
  /// A small set in the form of MNIST.
  func small(_ scratch: Scratch, images: Int = 3, labels: [UInt8] = [1, 2, 3]) throws {
    for (name, count) in [("train", images), ("t10k", images)] {
      _ = try scratch.write(idx([count, 28, 28]), "\(name)-images-idx3-ubyte")
      _ = try scratch.write(idx([labels.count], bytes: labels), "\(name)-labels-idx1-ubyte")
    }
  }

  @Test("loads four files, padded and standardized")
  func loads() throws {
    let scratch = try Scratch()
    try small(scratch)
    let sets = try MNIST.load(from: scratch.path)
    #expect(sets.train.count == 3 && sets.test.sampleShape == [1, 32, 32])
    let batch = sets.train.batch(first: 2)
    #expect(batch.labels == [1, 2])
    #expect(batch.inputs[0, 0, 0, 0] == 0)
    #expect(abs(batch.inputs[1, 0, 16, 16] - (7 / 255 - 0.1307) / 0.3081) < 1e-6)
    #expect(
      sets.train.name == URL(fileURLWithPath: scratch.path).lastPathComponent, "an unknown set is called as its folder")
    let unit = try MNIST.load(from: scratch.path, transform: .unitPadded).train.batch(first: 1)
    #expect(unit.inputs[0, 0, 1, 5] == 0 && abs(unit.inputs[0, 0, 2, 2] - 7 / 255) < 1e-7)
  }

  @Test("a set is known by the labels of its test set, and its classes by its name")
  func names() throws {
    let labels = (0..<10_000).map { UInt8($0 % 10) }
    #expect(PublishedSet.title(of: "/tmp/pictures", testLabels: labels) == "pictures")
    #expect(Dataset.classNames(of: "pictures") == (0...9).map(String.init))
    #expect(
      Dataset.classNames(of: "Fashion-MNIST")[9] == "ankle boot" && Dataset.classNames(of: "CIFAR-10")[3] == "cat")
    guard let place = try MNIST.find(), let path = PublishedSet.mnist.files[3].path(in: place),
      (try? PublishedSet.mnist.files[3].verify(path)) != nil
    else { return }
    #expect(try MNIST.load(from: place).test.name == "MNIST")
  }

  @Test("refuses sets that do not belong together, and labels beyond 9")
  func refuses() throws {
    let mismatched = try Scratch()
    try small(mismatched, labels: [1, 2])
    #expect(throws: DataError.self) { try MNIST.load(from: mismatched.path) }
    let wrong = try Scratch()
    try small(wrong, labels: [1, 2, 10])
    #expect(throws: DataError.self) { try MNIST.load(from: wrong.path) }
  }

  @Test("a set with too few images to learn from and to choose with is refused with both numbers")
  func short() throws {
    let scratch = try Scratch()
    try small(scratch)
    let digits = try Digits.load(from: scratch.path, count: 3, testCount: 3)
    let sets = try DigitSets(digits, train: 2, validation: 1, test: 9)
    #expect(sets.train.count == 2 && sets.validation.labels == [3] && sets.test.count == 3)
    #expect {
      try DigitSets(digits, train: 2, validation: 2, test: 1)
    } throws: { error in
      (error as? DataError)?.expected.hasPrefix("4 images") == true && (error as? DataError)?.found == "3"
    }
    #expect {
      try Digits.load(from: scratch.path, count: 600)
    } throws: { error in
      (error as? DataError)?.expected.contains("600 training images and 100") == true
        && (error as? DataError)?.found == "3 and 3"
    }
  }

  @Test("a named folder must be whole, one that is only tried need not")
  func finds() throws {
    let (whole, empty) = (try Scratch(), try Scratch())
    try small(whole)
    #expect(try MNIST.find(in: whole.path, environment: [:]) == whole.path)
    #expect(try MNIST.find(environment: ["MNIST_DIR": whole.path]) == whole.path)
    let error = #expect(throws: DataError.self) { try MNIST.find(in: empty.path, environment: [:]) }
    #expect(error?.description.contains("train-images-idx3-ubyte") == true)
    #expect(try MNIST.find(environment: ["HOME": empty.path]) == nil)
  }
}

@Suite("Synthetic digits") struct SyntheticDigitsTests {
  @Test("the same seed draws the same pictures, whatever the count and the number of threads")
  func deterministic() {
    let many = SyntheticDigits.dataset(count: 300, seed: 5)
    let before = Parallel.threadCount
    defer { Parallel.threadCount = before }
    Parallel.threadCount = 1
    let few = SyntheticDigits.dataset(count: 40, seed: 5)
    #expect(few.pixels == Array(many.pixels.prefix(few.pixels.count)))
    #expect(few.labels == Array(many.labels.prefix(40)))
    #expect(SyntheticDigits.dataset(count: 40, seed: 6).pixels != few.pixels)
  }

  @Test("every class is drawn, with ink in the middle and none at the border")
  func drawn() {
    let set = SyntheticDigits.dataset(count: 500, seed: 1)
    #expect(Set(set.labels) == Set(0...9))
    let ink = set.pixels.reduce(0) { $0 + Int($1) } / set.count / 255
    // MNIST's digits cover about 100 of 784 pixels.
    #expect((60...180).contains(ink))
  }

  @Test("a class looks more like itself than like the others: the nearest mean is right far more often than chance")
  func separable() {
    let (train, test) = (SyntheticDigits.dataset(count: 1000, seed: 1), SyntheticDigits.dataset(count: 300, seed: 2))
    var means = Array(repeating: [Float](repeating: 0, count: 784), count: 10)
    var counts = [Float](repeating: 0, count: 10)
    for n in 0..<train.count {
      counts[Int(train.labels[n])] += 1
      for p in 0..<784 { means[Int(train.labels[n])][p] += Float(train.pixels[n * 784 + p]) }
    }
    for c in 0..<10 { for p in 0..<784 { means[c][p] /= counts[c] } }
    var right = 0
    for n in 0..<test.count {
      let distances = means.map { mean in
        (0..<784).reduce(Float(0)) { sum, p in
          let d = Float(test.pixels[n * 784 + p]) - mean[p]
          return sum + d * d
        }
      }
      if distances.firstIndex(of: distances.min() ?? 0) == Int(test.labels[n]) { right += 1 }
    }
    // Learnable, and not trivial: a template is far from enough.
    #expect(right > 150 && right < 297, "\(right) of 300")
  }
}
