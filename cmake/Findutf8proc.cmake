# SPDX-License-Identifier: MIT
#
# libutf8proc, as the target utf8proc::utf8proc. The archive goes before the
# shared library where it can become part of one (is position-independent), so
# that ngram.so stays a single file. Installed with the package, for programs
# that link libngram.a.
include(CheckCSourceCompiles)
include(FindPackageHandleStandardArgs)

find_path(UTF8PROC_INCLUDE_DIR NAMES utf8proc.h)
find_library(UTF8PROC_ARCHIVE
  NAMES libutf8proc.a libutf8proc_static.a utf8proc_static)
find_library(UTF8PROC_SHARED NAMES utf8proc)
mark_as_advanced(UTF8PROC_INCLUDE_DIR UTF8PROC_ARCHIVE UTF8PROC_SHARED)

if(UTF8PROC_INCLUDE_DIR AND UTF8PROC_ARCHIVE AND NOT WIN32)
  set(CMAKE_REQUIRED_FLAGS "-fPIC -shared")
  set(CMAKE_REQUIRED_INCLUDES "${UTF8PROC_INCLUDE_DIR}")
  set(CMAKE_REQUIRED_LIBRARIES "${UTF8PROC_ARCHIVE}")
  check_c_source_compiles("
    #include <utf8proc.h>
    int category_of(int c) { return utf8proc_category(c); }
    int main(void) { return category_of(0); }" UTF8PROC_ARCHIVE_IS_PIC)
  unset(CMAKE_REQUIRED_FLAGS)
  unset(CMAKE_REQUIRED_INCLUDES)
  unset(CMAKE_REQUIRED_LIBRARIES)
endif()
set(utf8proc_LIBRARY "${UTF8PROC_SHARED}")
if(UTF8PROC_ARCHIVE_IS_PIC)
  set(utf8proc_LIBRARY "${UTF8PROC_ARCHIVE}")
endif()

find_package_handle_standard_args(utf8proc
  REQUIRED_VARS utf8proc_LIBRARY UTF8PROC_INCLUDE_DIR)
if(utf8proc_FOUND AND NOT TARGET utf8proc::utf8proc)
  add_library(utf8proc::utf8proc UNKNOWN IMPORTED)
  set_target_properties(utf8proc::utf8proc PROPERTIES
    IMPORTED_LOCATION "${utf8proc_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${UTF8PROC_INCLUDE_DIR}")
endif()
