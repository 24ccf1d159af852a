# SPDX-License-Identifier: MIT
#
# A toolchain: Debian's cross compiler for 32-bit x86. What it makes runs on the
# machine that made it, if its kernel runs such programs.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR i686)
set(CMAKE_C_COMPILER i686-linux-gnu-gcc)
set(CMAKE_LIBRARY_ARCHITECTURE i386-linux-gnu)
