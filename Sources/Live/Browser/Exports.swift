// The functions that JavaScript calls: they open a panel, send it a question, and give access to its answer in memory.

import Tensors

// An instance of the module has one panel; a worker has one instance and one thread.
nonisolated(unsafe) private var name = Word(code: 0)
nonisolated(unsafe) private var panel: (any Panel)?
nonisolated(unsafe) private var inbox: [Float] = []
nonisolated(unsafe) private var parts: [[Float]] = []

/// Opens the panel with the given name; returns 0 if there is none.
@_cdecl("live_open") public func open(code: UInt32) -> Int32 {
  name = Word(code: code)
  panel = Panels.make(name)
  return panel == nil ? 0 : 1
}

/// Allocates memory for the numbers of a question and returns its address.
@_cdecl("live_inbox") public func room(count: Int32) -> UnsafeMutablePointer<Float>? {
  inbox = [Float](repeating: 0, count: Int(count))
  return inbox.withUnsafeMutableBufferPointer { $0.baseAddress }
}

/// Sends a question to the panel; returns the number of parts of the answer.
@_cdecl("live_ask") public func ask(question: UInt32) -> Int32 {
  parts = panel?.answer(Word(code: question), inbox) ?? []
  return Int32(parts.count)
}

/// Computes the panel's proof with a new panel of the same kind, because the open one may be in use.
@_cdecl("live_proof") public func prove() -> Int32 {
  parts = Panels.make(name)?.proof(inbox).parts ?? []
  return Int32(parts.count)
}

/// The address of a part of the answer, valid until the next question.
@_cdecl("live_part") public func part(index: Int32) -> UnsafePointer<Float>? {
  parts[Int(index)].withUnsafeBufferPointer { $0.baseAddress }
}

/// The number of numbers in a part of the answer.
@_cdecl("live_count") public func count(index: Int32) -> Int32 { Int32(parts[Int(index)].count) }
