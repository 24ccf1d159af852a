# SPDX-License-Identifier: MIT
#
# cmake --install. The extension goes to the library folder itself, where
# Debian puts mod_spatialite.so and libsqlite3_mod_csvtable.so: the dynamic
# loader finds it there, so that `.load ngram` works without a path. A
# packager who wants another folder sets NGRAM_EXTENSION_DIR.
include(CMakePackageConfigHelpers)

set(NGRAM_EXTENSION_DIR "${CMAKE_INSTALL_LIBDIR}" CACHE STRING
  "Folder for the extension, relative to the prefix or absolute")
set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/ngram")

install(TARGETS ngram LIBRARY DESTINATION "${NGRAM_EXTENSION_DIR}"
  COMPONENT extension)
install(TARGETS ngram_static EXPORT ngramTargets
  ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT development)
install(FILES "${PROJECT_SOURCE_DIR}/include/ngram.h"
  DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" COMPONENT development)
install(EXPORT ngramTargets NAMESPACE ngram:: DESTINATION "${package_dir}"
  COMPONENT development)

configure_package_config_file(
  "${PROJECT_SOURCE_DIR}/cmake/ngramConfig.cmake.in"
  "${PROJECT_BINARY_DIR}/generated/ngramConfig.cmake"
  INSTALL_DESTINATION "${package_dir}"
  NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(
  "${PROJECT_BINARY_DIR}/generated/ngramConfigVersion.cmake"
  COMPATIBILITY SameMinorVersion)
install(FILES
  "${PROJECT_SOURCE_DIR}/cmake/Findutf8proc.cmake"
  "${PROJECT_BINARY_DIR}/generated/ngramConfig.cmake"
  "${PROJECT_BINARY_DIR}/generated/ngramConfigVersion.cmake"
  DESTINATION "${package_dir}" COMPONENT development)

# The folder of ngram.pc names the prefix, so that a moved tree still works.
if(IS_ABSOLUTE "${CMAKE_INSTALL_LIBDIR}")
  set(pc_prefix "${CMAKE_INSTALL_PREFIX}")
else()
  file(RELATIVE_PATH up
    "/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/")
  string(REGEX REPLACE "/$" "" up "${up}")
  set(pc_prefix "\${pcfiledir}/${up}")
endif()
foreach(kind IN ITEMS LIBDIR INCLUDEDIR)
  string(TOLOWER "${kind}" name)
  if(IS_ABSOLUTE "${CMAKE_INSTALL_${kind}}")
    set(pc_${name} "${CMAKE_INSTALL_${kind}}")
  else()
    set(pc_${name} "\${prefix}/${CMAKE_INSTALL_${kind}}")
  endif()
endforeach()
if(IS_ABSOLUTE "${NGRAM_EXTENSION_DIR}")
  set(pc_extensiondir "${NGRAM_EXTENSION_DIR}")
else()
  set(pc_extensiondir "\${prefix}/${NGRAM_EXTENSION_DIR}")
endif()
set(pc_libs "-L\${libdir} -lngram -pthread")
if(CMAKE_DL_LIBS)
  string(APPEND pc_libs " -l${CMAKE_DL_LIBS}")
endif()
configure_file("${PROJECT_SOURCE_DIR}/cmake/ngram.pc.in"
  "${PROJECT_BINARY_DIR}/generated/ngram.pc" @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/generated/ngram.pc"
  DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig" COMPONENT development)
