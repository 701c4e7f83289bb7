// Data sets fetched and imported: what is verified, and what a bad file leaves behind.

import Basics
import Foundation
import Testing

@testable import Datasets
@testable import workbook_cli

@Suite("./workbook data")
struct DataCommandTests {
  private func folder() throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("mnist-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
  }

  @Test("an import names the file that is missing, or wrong with both sizes or both digests, and copies nothing")
  func badImports() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let (source, target) = (folder.path + "/source", folder.path + "/target")
    try FileManager.default.createDirectory(atPath: source, withIntermediateDirectories: true)
    #expect(
      PublishedSet.mnist.importFiles(from: source, to: target)
        == "\(source): expected train-images-idx3-ubyte or train-images-idx3-ubyte.gz, found neither")

    let file = PublishedSet.mnist.files[3]
    let path = source + "/" + file.name
    try Data(count: 10).write(to: URL(fileURLWithPath: path))
    let short = try #require(throws: DataError.self) { try file.store(path, in: target) }
    #expect(short.expected.contains("10008 uncompressed bytes") && short.found == "10")
    try Data(count: file.size).write(to: URL(fileURLWithPath: path))
    let other = try #require(throws: DataError.self) { try file.store(path, in: target) }
    #expect(other.expected.contains("ff7bcfd416de3373"))
    #expect(!FileManager.default.fileExists(atPath: target))
  }

  @Test("what was verified is put in its place whole and replaces what was there")
  func stores() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let bytes = Array("abc".utf8)
    let file = PublishedFile(name: "t", size: 3, digest: SHA256.hexadecimal(bytes))
    let source = folder.appendingPathComponent("source")
    try Data(bytes).write(to: source)
    try Data("old".utf8).write(to: folder.appendingPathComponent("t"))
    let place = try file.store(source.path, in: folder.path)
    #expect(place == folder.path + "/t")
    #expect(try Data(contentsOf: URL(fileURLWithPath: place)) == Data(bytes))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["source", "t"])
  }

  @Test("an archive gives its files, each verified; one changed byte, and nothing is put in place")
  func archives() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let (source, target) = (folder.path + "/source", folder.path + "/target")
    let parts = [("a.bin", [UInt8](repeating: 1, count: 700)), ("b.bin", [UInt8](repeating: 2, count: 512))]
    var tar: [UInt8] = []
    for (name, bytes) in parts {
      var header = Array("set/\(name)".utf8)
      header += repeatElement(0, count: 124 - header.count)
      header += Array(String(bytes.count, radix: 8).utf8)
      tar += header + repeatElement(0, count: 512 - header.count) + bytes
      tar += repeatElement(0, count: (512 - tar.count % 512) % 512)
    }
    tar += repeatElement(0, count: 1024)
    func set(_ tar: [UInt8], second: [UInt8]) -> PublishedSet {
      PublishedSet(
        name: "s", title: "S", contents: "", megabytes: 1,
        files: [("a.bin", parts[0].1), ("b.bin", second)].map {
          PublishedFile(name: $0, size: $1.count, digest: SHA256.hexadecimal($1))
        },
        archive: PublishedFile(
          name: "s.tar", size: tar.count, digest: SHA256.hexadecimal(tar), isOfCompressed: true),
        mirrors: [])
    }
    try FileManager.default.createDirectory(atPath: source, withIntermediateDirectories: true)
    try Data(tar).write(to: URL(fileURLWithPath: source + "/s.tar"))
    #expect(set(tar, second: [0]).importFiles(from: source, to: target)?.contains("b.bin") == true)
    #expect(set(tar.reversed(), second: [0]).importFiles(from: source, to: target)?.contains("s.tar") == true)
    #expect(!FileManager.default.fileExists(atPath: target))
    #expect(set(tar, second: parts[1].1).importFiles(from: source, to: target) == nil)
    for (name, bytes) in parts {
      #expect(FileManager.default.contents(atPath: target + "/" + name) == Data(bytes))
    }
  }

  @Test("where no server answers, each is named with its reason, and --from is offered")
  func noServer() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    // Port 9 of the own machine: refused at once, without a network.
    let failure = PublishedSet.mnist.download(
      to: folder.path, mirrors: ["http://127.0.0.1:9/a", "http://127.0.0.1:9/b"])
    let text = try #require(failure)
    #expect(text.hasPrefix("train-images-idx3-ubyte could not be downloaded from any of 2 servers:\n  127.0.0.1: "))
    #expect(text.contains("./workbook data mnist --from DIR"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }
}
