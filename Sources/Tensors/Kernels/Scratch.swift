// Temporary memory for kernels: one block for each thread, kept from call to call.

import Foundation

/// Scratch memory of the calling thread.
///
/// A training step of LeNet-5 needs a few kilobytes about a hundred times and takes less than a millisecond. Allocating
/// memory each time would cost more than the work. A thread's block grows to the largest size ever requested.
enum Scratch {
  /// Calls `body` with `count` floats of unspecified content, which `body` may use until it returns.
  ///
  /// A nested call within `body` allocates separate memory.
  static func withFloats(_ count: Int, _ body: (UnsafeMutablePointer<Float>) -> Void) {
    let piece = current()
    if piece.pointee.isTaken {
      let own = UnsafeMutablePointer<Float>.allocate(capacity: max(1, count))
      body(own)
      own.deallocate()
      return
    }
    if piece.pointee.capacity < count {
      piece.pointee.base.deallocate()
      piece.pointee = Piece(capacity: count)
    }
    piece.pointee.isTaken = true
    body(piece.pointee.base)
    piece.pointee.isTaken = false
  }

  private struct Piece {
    var base: UnsafeMutablePointer<Float>
    var capacity: Int
    var isTaken = false

    init(capacity: Int) {
      self.capacity = max(1, capacity)
      base = .allocate(capacity: self.capacity)
    }
  }

  /// The thread's block, allocated at its first call and freed when the thread ends.
  private static func current() -> UnsafeMutablePointer<Piece> {
    if let known = pthread_getspecific(key) { return known.assumingMemoryBound(to: Piece.self) }
    let piece = UnsafeMutablePointer<Piece>.allocate(capacity: 1)
    piece.initialize(to: Piece(capacity: 4096))
    pthread_setspecific(key, piece)
    return piece
  }

  private static let key: pthread_key_t = {
    var key = pthread_key_t()
    pthread_key_create(&key) { memory in
      #if os(Linux)
      let piece = memory?.assumingMemoryBound(to: Piece.self)
      #else
      let piece = Optional(memory.assumingMemoryBound(to: Piece.self))
      #endif
      piece?.pointee.base.deallocate()
      piece?.deallocate()
    }
    return key
  }()
}
