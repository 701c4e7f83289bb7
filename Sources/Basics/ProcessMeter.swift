// The resources used by a process and its descendants, which allow limits by work instead of elapsed time.

import Foundation

/// The resources used by a process and its descendants, if the system reports them (Linux).
package struct ProcessMeter: Sendable {
  /// The processor time in seconds.
  package var processor = 0.0
  /// The seconds in which they were ready to run but other processes were running.
  package var waiting: Double { waits.values.reduce(0, +) }
  /// The waiting time of each thread.
  package var waits: [String: Double] = [:]
  /// The memory in use, in bytes.
  package var memory = 0
  package var threads = 0
  /// Whether a thread is running, ready to run, or waiting for a disk.
  package var isWorking = false

  /// Measures a process; `nil` if the process has ended, or if the system does not report its resources.
  package init?(of id: pid_t) {
    #if os(Linux)
    guard add(id, depth: 0) else { return nil }
    #else
    return nil
    #endif
  }

  #if os(Linux)
  private static let tick = 1 / Double(max(1, sysconf(Int32(_SC_CLK_TCK))))
  private static let page = Int(sysconf(Int32(_SC_PAGESIZE)))

  private mutating func add(_ id: pid_t, depth: Int) -> Bool {
    // The fields follow the program's name, which is in parentheses and may contain any characters.
    guard depth < 8, let text = Self.text("/proc/\(id)/stat"), let end = text.lastIndex(of: UInt8(ascii: ")")) else {
      return false
    }
    let fields = text[(end + 1)...].split(separator: 32)
    guard fields.count > 17 else { return false }
    threads += Int(Self.number(fields[17]) ?? 0)
    // utime and stime, and those of children that have ended.
    processor += fields[11...14].reduce(0) { $0 + (Self.number($1) ?? 0) } * Self.tick
    if let sizes = Self.text("/proc/\(id)/statm")?.split(separator: 32), sizes.count > 1 {
      memory += Int(Self.number(sizes[1]) ?? 0) * Self.page
    }
    for thread in Self.threads(of: id) {
      let folder = "/proc/\(id)/task/\(thread)/"
      if let state = Self.text(folder + "stat"), let end = state.lastIndex(of: UInt8(ascii: ")")),
        state.count > end + 2
      {
        isWorking = isWorking || state[end + 2] == UInt8(ascii: "R") || state[end + 2] == UInt8(ascii: "D")
      }
      let times = Self.text(folder + "schedstat")?.split(separator: 32) ?? []
      if times.count > 1 { waits[thread] = (Self.number(times[1]) ?? 0) * 1e-9 }
      for child in Self.text(folder + "children")?.split(separator: 32) ?? [] {
        if let number = Self.number(child) { _ = add(pid_t(number), depth: depth + 1) }
      }
    }
    return true
  }

  private static func threads(of id: pid_t) -> [String] {
    guard let listing = opendir("/proc/\(id)/task") else { return [] }
    defer { closedir(listing) }
    var names: [String] = []
    while let item = readdir(listing), names.count < 64 {
      let name = withUnsafePointer(to: &item.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name.first?.isNumber == true { names.append(name) }
    }
    return names
  }

  private static func number(_ digits: ArraySlice<UInt8>) -> Double? {
    Double(String(decoding: digits, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))
  }

  private static func text(_ path: String) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = read(descriptor, &buffer, buffer.count)
    return count > 0 ? Array(buffer.prefix(count)) : nil
  }
  #endif
}
