// Inspects the object file of an answer before it is linked.

import Foundation

/// The sections of an object file in ELF format.
enum ObjectFile {
  /// Sections that no answer needs: options for the linker, and code that runs when the answer is loaded.
  private static let refused: [(beginning: String, reason: String)] = [
    (".swift1_autolink_entries", "carries options for the linker"),
    (".linker-options", "carries options for the linker"),
    (".deplibs", "names libraries for the linker"),
    (".init", "wants to run code when it is loaded"),
    (".preinit_array", "wants to run code when it is loaded"),
    (".ctors", "wants to run code when it is loaded"),
    (".fini", "wants to run code when it is unloaded"),
    (".dtors", "wants to run code when it is unloaded"),
    (".interp", "names its own loader"),
    (".gnu.warning", "carries messages for the linker"),
  ]
  /// Kinds of sections, whatever their names: arrays of initializers, libraries and options of LLVM.
  private static let refusedKinds: [UInt32: String] = [
    14: "wants to run code when it is loaded", 15: "wants to run code when it is unloaded",
    16: "wants to run code when it is loaded", 0x6FFF_4C01: "carries options for the linker",
    0x6FFF_4C04: "names libraries for the linker",
  ]

  /// Why an object is not linked; `nil` if there is no objection, or if it has another format.
  static func objection(to data: Data) -> String? {
    let bytes = [UInt8](data)
    guard bytes.starts(with: [0x7F, 0x45, 0x4C, 0x46]) else { return nil }
    func number(_ place: Int, _ size: Int) -> Int? {
      guard place >= 0, place <= bytes.count - size else { return nil }
      return (0..<size).reduce(0) { $0 | Int(bytes[place + $1]) << ($1 * 8) }
    }
    let broken = "its object file cannot be read"
    guard bytes.count > 64, let table = number(40, 8), let size = number(58, 2), var count = number(60, 2),
      let names = number(62, 2), size >= 64, table > 0, table < bytes.count
    else { return broken }
    // If the field is too small for the number of sections, the first section holds it.
    if count == 0 { count = number(table + 32, 8) ?? 0 }
    let nameTable = names == 0xFFFF ? number(table + 40, 4) ?? 0 : names
    guard count > 0, count < 1 << 20, nameTable < count, let text = number(table + nameTable * size + 24, 8),
      let length = number(table + nameTable * size + 32, 8), text >= 0, length >= 0, text <= bytes.count,
      length <= bytes.count - text
    else { return broken }
    for section in 0..<count {
      let place = table + section * size
      guard let name = number(place, 4), let kind = number(place + 4, 4), let size = number(place + 32, 8),
        name <= length
      else { return broken }
      // Empty sections come from the compiler itself, with autolinking off.
      if size == 0 { continue }
      if let reason = refusedKinds[UInt32(kind)] { return reason }
      let word = String(decoding: bytes[(text + name)..<(text + length)].prefix { $0 != 0 }, as: UTF8.self)
      if let found = refused.first(where: { word.hasPrefix($0.beginning) }) { return found.reason }
    }
    return nil
  }
}
