// Records of a class and three planes, whole and damaged.

import Datasets
import Foundation
import Tensors
import Testing

@Suite("CIFAR-10") struct CIFAR10Tests {
  /// A record whose planes are all red, all green and all blue.
  private func record(_ label: UInt8, _ red: UInt8, _ green: UInt8, _ blue: UInt8) -> [UInt8] {
    [label] + [red, green, blue].flatMap { [UInt8](repeating: $0, count: 1024) }
  }

  private func folder(training: [UInt8], test: [UInt8]) throws -> Scratch {
    let scratch = try Scratch()
    for name in CIFAR10.trainingFiles { _ = try scratch.write(training, name) }
    _ = try scratch.write(test, CIFAR10.testFile)
    return scratch
  }

  @Test("six files become two sets, standardized with the training set's numbers alone")
  func loads() throws {
    let scratch = try folder(
      training: record(3, 0, 10, 20) + record(9, 200, 10, 40), test: record(0, 100, 11, 30))
    let sets = try CIFAR10.load(from: scratch.path)
    #expect(sets.train.count == 10 && sets.test.count == 1)
    #expect(sets.train.labels == [3, 9, 3, 9, 3, 9, 3, 9, 3, 9] && sets.test.labels == [0])
    let batch = sets.train.batch(first: 2).inputs
    #expect(batch.shape == [2, 3, 32, 32])
    // Red is 0 or 200: −1 and 1. Green never changes: 0. The test image has the mean of the training set's red.
    #expect(abs(batch[0, 0, 0, 0] + 1) < 1e-5 && abs(batch[1, 0, 31, 31] - 1) < 1e-5)
    #expect(abs(batch[0, 1, 5, 5]) < 1e-6 && abs(batch[0, 2, 0, 0] + 1) < 1e-5)
    #expect(abs(sets.test.batch(first: 1).inputs[0, 0, 0, 0]) < 1e-5)
  }

  @Test("raw pixels are there for the asking")
  func raw() throws {
    let scratch = try folder(training: record(1, 255, 0, 51), test: record(1, 0, 0, 0))
    let image = try CIFAR10.load(from: scratch.path, transform: PixelTransform()).train.batch(first: 1).inputs
    #expect(image[0, 0, 1, 1] == 1 && image[0, 1, 1, 1] == 0 && abs(image[0, 2, 1, 1] - 0.2) < 1e-6)
  }

  @Test(
    "a file that is no row of records is refused with both numbers",
    arguments: [
      ([], "records of 1 + 3·32·32 = 3073 bytes", "0 bytes"),
      ([UInt8](repeating: 1, count: 3072), "3073", "3072 bytes, 0 records and 3072 bytes"),
      ([UInt8](repeating: 1, count: 3074), "3073", "3074 bytes, 1 records and 1 bytes"),
      ([10] + [UInt8](repeating: 1, count: 3072), "classes from 0 to 9", "class 10 in record 0"),
    ] as [([UInt8], String, String)])
  func refuses(bytes: [UInt8], expected: String, found: String) throws {
    let scratch = try Scratch()
    let file = try scratch.write(bytes, "data_batch_1.bin")
    let error = #expect(throws: DataError.self) { try CIFAR10.read(file) }
    let message = error?.description ?? ""
    #expect(message.contains(expected) && message.contains(found) && message.contains(file), "\(message)")
    #expect(!message.contains("\n") && !message.contains("mnist"))
  }

  @Test("a missing file is named; a compressed one that unpacks to more than a published file is stopped")
  func hostile() throws {
    let scratch = try folder(training: record(0, 0, 0, 0), test: record(0, 0, 0, 0))
    try FileManager.default.removeItem(atPath: scratch.path + "/data_batch_4.bin")
    let missing = #expect(throws: DataError.self) { try CIFAR10.load(from: scratch.path) }
    #expect(missing?.description.contains("data_batch_4.bin") == true)

    // 40 MB of zeros in 180 kB.
    let bomb = Process()
    bomb.executableURL = URL(fileURLWithPath: "/bin/sh")
    bomb.arguments = ["-c", "head -c 40000000 /dev/zero | gzip -1 >'\(scratch.path)/data_batch_4.bin.gz'"]
    try bomb.run()
    bomb.waitUntilExit()
    let stopped = #expect(throws: DataError.self) { try CIFAR10.load(from: scratch.path) }
    #expect(stopped?.description.contains("at most 30730000 bytes") == true, "\(String(describing: stopped))")
  }
}
