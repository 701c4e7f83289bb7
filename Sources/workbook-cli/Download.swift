// Downloads one file over HTTP, resuming an earlier attempt.

import Basics
import Foundation
import Synchronization

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// Why a download did not complete.
struct DownloadError: Error {
  var reason: String
}

/// A download into a file.
enum Download {
  /// Downloads `url` into the file at `path`, appending to the data from an earlier attempt.
  ///
  /// - Parameters:
  ///   - url: an http or https address.
  ///   - path: the file; kept if the download is interrupted, so that the next attempt can resume.
  ///   - limit: the maximum number of bytes to accept.
  ///   - label: the name in the progress line.
  /// - Returns: whether it resumed an earlier attempt.
  static func get(_ url: URL, to path: String, limit: Int, label: String) throws(DownloadError) -> Bool {
    let folder = (path as NSString).deletingLastPathComponent
    let isNew = !FileManager.default.fileExists(atPath: folder)
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    if !FileManager.default.fileExists(atPath: path) {
      _ = FileManager.default.createFile(atPath: path, contents: nil)
    }
    guard let file = FileHandle(forWritingAtPath: path) else { throw DownloadError(reason: "cannot write to \(path)") }
    defer { try? file.close() }
    let start = (try? file.seekToEnd()) ?? 0
    var request = URLRequest(url: url, cachePolicy: .reloadIgnoringLocalCacheData, timeoutInterval: 20)
    if start > 0 { request.setValue("bytes=\(start)-", forHTTPHeaderField: "Range") }
    // Request the bytes as stored on the server, without transparent decompression.
    request.setValue("identity", forHTTPHeaderField: "Accept-Encoding")
    let receiver = Receiver(file: file, start: Int(start), limit: limit, label: label)
    let session = URLSession(configuration: .ephemeral, delegate: receiver, delegateQueue: nil)
    session.dataTask(with: request).resume()
    receiver.done.wait()
    session.invalidateAndCancel()
    // Do not keep an empty file.
    if (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) == 0 {
      try? FileManager.default.removeItem(atPath: path)
      // This succeeds only if the folder is empty.
      if isNew { rmdir(folder) }
    }
    return try receiver.result()
  }

  /// Receives the bytes as they arrive. URLSession calls it from one serial queue.
  private final class Receiver: NSObject, URLSessionDataDelegate, Sendable {
    struct State {
      var file: FileHandle
      var count: Int
      var expected: Int?
      var wasResumed: Bool
      var failure: String?
    }
    let state: Mutex<State>
    let done = DispatchSemaphore(value: 0)
    let limit: Int
    let label: String
    let isTerminal = Terminal.standard.isErrorTerminal

    init(file: sending FileHandle, start: Int, limit: Int, label: String) {
      state = Mutex(State(file: file, count: start, expected: nil, wasResumed: start > 0, failure: nil))
      self.limit = limit
      self.label = label
    }

    func result() throws(DownloadError) -> Bool {
      let (failure, wasResumed) = state.withLock { ($0.failure, $0.wasResumed) }
      if let failure { throw DownloadError(reason: failure) }
      return wasResumed
    }

    func urlSession(
      _: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
      completionHandler: @escaping (URLSession.ResponseDisposition) -> Void
    ) {
      let code = (response as? HTTPURLResponse)?.statusCode ?? 0
      let continues = state.withLock { state in
        switch code {
        case 206:
          break
        case 200, 416:
          // 200: the server cannot resume. 416: there are no bytes after ours; the file may be complete.
          if code == 200 {
            try? state.file.truncate(atOffset: 0)
            state.count = 0
            state.wasResumed = false
          }
        default:
          state.failure = "expected the file, found HTTP status \(code)"
        }
        let length = Int(response.expectedContentLength)
        if length > 0 && code != 416 { state.expected = state.count + length }
        return state.failure == nil && code != 416
      }
      completionHandler(continues ? .allow : .cancel)
    }

    func urlSession(_: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
      let continues = state.withLock { state in
        state.count += data.count
        if state.count > limit {
          state.failure = "expected at most \(limit) bytes, found more"
          return false
        }
        do {
          try state.file.write(contentsOf: data)
        } catch {
          state.failure = "cannot write the received data; is the disk full?"
          return false
        }
        show(state.count, of: state.expected)
        return true
      }
      if !continues { dataTask.cancel() }
    }

    func urlSession(_: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
      state.withLock { state in
        if isTerminal { printErrorText("\r\u{1B}[K") }
        if state.failure == nil, let error, (task.response as? HTTPURLResponse)?.statusCode != 416 {
          state.failure = error.localizedDescription
        } else if state.failure == nil, let expected = state.expected, state.count < expected {
          state.failure = "expected \(expected) bytes, found \(state.count) before the connection ended"
        }
      }
      done.signal()
    }

    private func show(_ count: Int, of expected: Int?) {
      guard isTerminal else { return }
      let megabytes = { (count: Int) in fixed(Double(count) / 1e6, 1) }
      let whole = expected.map { " of \(megabytes($0))" } ?? ""
      printErrorText("\r\u{1B}[K\(label)  \(megabytes(count))\(whole) MB")
    }
  }
}
