# SPDX-License-Identifier: MIT
#
# ngram_flags: what every object of the project is compiled with. There is no
# -march: kernels carry their own target attributes and are chosen at run
# time, so that one binary serves all machines of an architecture.
include(CheckCCompilerFlag)
include(CheckLinkerFlag)

add_library(ngram_flags INTERFACE)

# Adds a flag where the compiler knows it.
function(ngram_add_flag flag)
  string(MAKE_C_IDENTIFIER "NGRAM_HAS${flag}" known)
  check_c_compiler_flag("${flag}" ${known})
  if(${known})
    target_compile_options(ngram_flags INTERFACE "${flag}")
  endif()
endfunction()

function(ngram_add_linker_flag flag)
  string(MAKE_C_IDENTIFIER "NGRAM_LINKS${flag}" known)
  check_linker_flag(C "${flag}" ${known})
  if(${known})
    target_link_options(ngram_flags INTERFACE "${flag}")
  endif()
endfunction()

# What the systems' headers hide from strict C11.
target_compile_definitions(ngram_flags INTERFACE
  _GNU_SOURCE _DARWIN_C_SOURCE _NETBSD_SOURCE _FILE_OFFSET_BITS=64)

target_compile_options(ngram_flags INTERFACE
  -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes
  -Wmissing-prototypes -Wpointer-arith -Wvla)
if(NGRAM_WERROR)
  target_compile_options(ngram_flags INTERFACE -Werror)
endif()

# Hardening, as distributions build. Sanitizers bring their own checks.
ngram_add_flag(-fstack-protector-strong)
ngram_add_linker_flag("LINKER:-z,relro")
ngram_add_linker_flag("LINKER:-z,now")
ngram_add_linker_flag("LINKER:-z,noexecstack")
if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|amd64|i.86)$")
  ngram_add_flag(-fcf-protection)
elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "^(aarch64|arm64)$")
  ngram_add_flag(-mbranch-protection=standard)
endif()
if(NOT NGRAM_SANITIZE)
  target_compile_options(ngram_flags INTERFACE
    "$<$<CONFIG:Release,RelWithDebInfo,MinSizeRel>:-U_FORTIFY_SOURCE>"
    "$<$<CONFIG:Release,RelWithDebInfo,MinSizeRel>:-D_FORTIFY_SOURCE=2>")
endif()

# No path of the build machine in what is shipped.
check_c_compiler_flag("-ffile-prefix-map=a=b" NGRAM_HAS_prefix_map)
if(NGRAM_HAS_prefix_map)
  target_compile_options(ngram_flags INTERFACE
    "$<$<CONFIG:Release>:-ffile-prefix-map=${PROJECT_SOURCE_DIR}/=>")
endif()

if(NGRAM_SANITIZE)
  set(sanitize "-fsanitize=${NGRAM_SANITIZE}")
  target_compile_options(ngram_flags INTERFACE
    ${sanitize} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(ngram_flags INTERFACE ${sanitize})
endif()
if(NGRAM_COVERAGE)
  target_compile_options(ngram_flags INTERFACE --coverage)
  target_link_options(ngram_flags INTERFACE --coverage)
endif()
