// What JavaScript calls: a panel is opened, asked, and its answer read from memory.

import Tensors

// One panel to an instance of the module, one instance to a worker, one thread to a worker.
nonisolated(unsafe) private var name = Word(code: 0)
nonisolated(unsafe) private var panel: (any Panel)?
nonisolated(unsafe) private var inbox: [Float] = []
nonisolated(unsafe) private var parts: [[Float]] = []

/// Opens the panel of a name; 0 where there is none.
@_cdecl("live_open") public func open(code: UInt32) -> Int32 {
  name = Word(code: code)
  panel = Panels.make(name)
  return panel == nil ? 0 : 1
}

/// Makes room for the numbers of a question and returns where they go.
@_cdecl("live_inbox") public func room(count: Int32) -> UnsafeMutablePointer<Float>? {
  inbox = [Float](repeating: 0, count: Int(count))
  return inbox.withUnsafeMutableBufferPointer { $0.baseAddress }
}

/// Asks the panel; returns in how many parts it has answered.
@_cdecl("live_ask") public func ask(question: UInt32) -> Int32 {
  parts = panel?.answer(Word(code: question), inbox) ?? []
  return Int32(parts.count)
}

/// Asks for the panel's proof. Another of its kind gives it, for the one that is open may be in use.
@_cdecl("live_proof") public func prove() -> Int32 {
  parts = Panels.make(name)?.proof(inbox).parts ?? []
  return Int32(parts.count)
}

/// Where a part of the answer lies, until the next question.
@_cdecl("live_part") public func part(index: Int32) -> UnsafePointer<Float>? {
  parts[Int(index)].withUnsafeBufferPointer { $0.baseAddress }
}

/// How many numbers it has.
@_cdecl("live_count") public func count(index: Int32) -> Int32 { Int32(parts[Int(index)].count) }
