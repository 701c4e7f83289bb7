// Files are there whole or not at all.

import Foundation
import Testing

@testable import Basics

@Suite struct AtomicFileTests {
  /// A folder of its own, gone afterwards.
  private func inFolder(_ body: (String) throws -> Void) throws {
    let folder = NSTemporaryDirectory() + "basics-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try body(folder)
  }

  private func listing(_ folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  }

  @Test("a dropped writer leaves nothing")
  func dropped() throws {
    try inFolder { folder in
      do {
        let file = try AtomicFile(path: folder + "/a")
        try [UInt8(1)].withUnsafeBytes { try file.write($0) }
        #expect(try listing(folder).count == 1)
      }
      #expect(try listing(folder).isEmpty)
    }
  }

  @Test("what killed writers left goes, what living ones write stays")
  func leftovers() throws {
    try inFolder { folder in
      // The last is another machine's, whose processes are not known here.
      for name in [".a.partial-999999999-3", ".a.partial-1-1", ".a.partial-999999999@elsewhere-1"] {
        try Data([1]).write(to: URL(fileURLWithPath: folder + "/" + name))
      }
      try AtomicFile.write("new", to: folder + "/a")
      #expect(try listing(folder) == [".a.partial-1-1", ".a.partial-999999999@elsewhere-1", "a"])
    }
  }

  @Test(
    "reports a full disk and keeps the file that was there",
    .enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func full() throws {
    try inFolder { folder in
      let path = folder + "/page.html"
      try AtomicFile.write("old", to: path)
      func mode() throws -> NSNumber? {
        try FileManager.default.attributesOfItem(atPath: "/dev/full")[.posixPermissions] as? NSNumber
      }
      let before = try mode()
      // The temporary file leads to a device that is always full.
      try FileManager.default.createSymbolicLink(atPath: folder + "/new", withDestinationPath: "/dev/full")
      let error = #expect(throws: FileError.self) {
        let file = try AtomicFile(path: path, growingAt: folder + "/new")
        try Array("new".utf8).withUnsafeBytes { try file.write($0) }
        try file.commit()
      }
      #expect(error?.obstacle == .writing)
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
      #expect(try listing(folder) == ["page.html"])
      #expect(try mode() == before, "run as root, it must not shut the device to others")
    }
  }

  @Test("a folder of that name, and a file where a folder should be, are named")
  func inTheWay() throws {
    try inFolder { folder in
      #expect(throws: FileError.self) { try AtomicFile.write("x", to: folder) }
      try AtomicFile.write("a file", to: folder + "/deep/er/taken")
      let error = #expect(throws: FileError.self) { try AtomicFile.write("x", to: folder + "/deep/er/taken/file") }
      #expect(error?.obstacle == .folder && error?.path == folder + "/deep/er/taken")
    }
  }

  @Test("permissions of a file stay, and threads that write the same one do not disturb each other")
  func kept() throws {
    try inFolder { folder in
      try AtomicFile.write("old", to: folder + "/a")
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: folder + "/a")
      DispatchQueue.concurrentPerform(iterations: 8) { index in
        try? AtomicFile.write(String(repeating: "\(index)", count: 100_000), to: folder + "/a")
      }
      let text = try String(contentsOfFile: folder + "/a", encoding: .utf8)
      #expect(text.count == 100_000 && Set(text).count == 1)
      #expect(
        try FileManager.default.attributesOfItem(atPath: folder + "/a")[.posixPermissions] as? Int == 0o600)
      #expect(try listing(folder) == ["a"])
    }
  }
}
