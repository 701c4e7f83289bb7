// One after the other in a folder.

import Foundation
import Synchronization
import Testing

@testable import Basics

@Suite struct FolderLockTests {
  /// A folder of its own, gone afterwards.
  private func inFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("turns-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try body(folder)
  }

  @Test("the second waits until the first is done, and is told whom it waits for")
  func turns() throws {
    try inFolder { folder in
      let events = Mutex<[String]>([])
      let (isWaiting, isDone) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
      FolderLock.turn(in: folder, waiting: { _ in events.withLock { $0.append("nobody to wait for") } }) {
        Thread.detachNewThread {
          FolderLock.turn(in: folder) { holder in
            events.withLock { $0.append(holder == getpid() ? "waits" : "waits for \(holder)") }
            isWaiting.signal()
          } _: {
            events.withLock { $0.append("second") }
          }
          isDone.signal()
        }
        isWaiting.wait()
        events.withLock { $0.append("first") }
      }
      isDone.wait()
      #expect(events.withLock { $0 } == ["waits", "first", "second"])
    }
  }

  @Test("who fails in its turn lets the next one in, and so does a folder that is not there")
  func failures() throws {
    try inFolder { folder in
      #expect(throws: CocoaError.self) { try FolderLock.turn(in: folder) { throw CocoaError(.fileNoSuchFile) } }
      for place in [folder, folder.appendingPathComponent("nowhere")] {
        #expect(FolderLock.turn(in: place, waiting: { _ in Issue.record("a wait for nobody") }) { 42 } == 42)
      }
    }
  }
}
