// Zeros that use no physical memory until they are written.

#if canImport(Glibc)
import Glibc
#endif

/// Returns `count` zeros.
///
/// Linux fills a page with zeros when it is first touched, and a large array relies on this. The weights of VGG-19 are
/// sometimes created only to be counted, and would otherwise take 575 MB.
func zeroElements(_ count: Int) -> [Float] {
  #if canImport(Glibc)
  if count >= 1 << 23 {
    return [Float](unsafeUninitializedCapacity: count) { buffer, initializedCount in
      initializedCount = count
      let bytes = UnsafeMutableRawBufferPointer(buffer)
      guard let start = bytes.baseAddress else { return }
      let page = UInt(sysconf(Int32(_SC_PAGESIZE)))
      let first = start.alignedUp(toMultipleOf: page)
      let last = (start + bytes.count).alignedDown(toMultipleOf: page)
      guard madvise(first, last - first, MADV_DONTNEED) == 0 else {
        memset(start, 0, bytes.count)
        return
      }
      memset(start, 0, first - start)
      memset(last, 0, start + bytes.count - last)
    }
  }
  #endif
  return [Float](repeating: 0, count: count)
}

#if canImport(Glibc)
extension UnsafeMutableRawPointer {
  /// The first multiple of `page` at or after this address.
  fileprivate func alignedUp(toMultipleOf page: UInt) -> Self {
    self + Int((page - UInt(bitPattern: self) % page) % page)
  }
  /// The last multiple of `page` at or before this address.
  fileprivate func alignedDown(toMultipleOf page: UInt) -> Self { self - Int(UInt(bitPattern: self) % page) }
}
#endif
