# One library a folder of src/, with its unit tests beside it.
#
#   assize_folder(finding USES change core LIBS PRIVATE Boost::json)
#
# makes assize_finding from src/finding/**/*.cc, and assize_finding_test from src/finding/**/*_test.cc.
# USES names the folders it may include; LIBS is passed to target_link_libraries as it stands.

find_program(CCACHE ccache)
if(CCACHE)
  # The sloppiness is what ccache asks for with precompiled headers.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE})
endif()
find_program(MOLD mold)

add_library(assize_flags INTERFACE)
# RE2's flags hold it, and a precompiled header fits only targets with the same macros (_REENTRANT).
target_compile_options(assize_flags INTERFACE -pthread)
# Designated initialisers leave the rest to its default on purpose.
target_compile_options(assize_flags INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:-Wall -Wextra -Wpedantic -Wno-missing-field-initializers>)
if(ASSIZE_WERROR)
  target_compile_options(assize_flags INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-Werror>)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 reports these inside libstdc++ and Boost.JSON when it inlines (GCC bugs 105329, 105651).
  target_compile_options(assize_flags INTERFACE
    $<$<COMPILE_LANGUAGE:CXX>:-Wno-restrict -Wno-maybe-uninitialized -Wno-array-bounds -Wno-stringop-overflow
                              -Wno-stringop-overread -Wno-dangling-pointer -fpch-preprocess>)
endif()
if(MOLD)
  target_link_options(assize_flags INTERFACE -fuse-ld=mold)
endif()
if(ASSIZE_SANITIZE)
  target_compile_options(assize_flags INTERFACE -fsanitize=${ASSIZE_SANITIZE} -fno-sanitize-recover=all
                                                -fno-omit-frame-pointer -O1 -g1)
  target_link_options(assize_flags INTERFACE -fsanitize=${ASSIZE_SANITIZE})
endif()
if(ASSIZE_FUZZ)
  target_compile_options(assize_flags INTERFACE -fsanitize=fuzzer-no-link,address,undefined
                                                -fno-sanitize-recover=all)
  target_link_options(assize_flags INTERFACE -fsanitize=fuzzer-no-link,address,undefined)
endif()
target_include_directories(assize_flags INTERFACE ${CMAKE_SOURCE_DIR}/src ${CMAKE_BINARY_DIR}/generated)
target_compile_definitions(assize_flags INTERFACE ASSIZE_VERSION="${PROJECT_VERSION}")

# One precompiled header for all folders: only what nearly every file includes.
file(WRITE ${CMAKE_BINARY_DIR}/generated/pch.cc "")
add_library(assize_pch OBJECT ${CMAKE_BINARY_DIR}/generated/pch.cc)
target_link_libraries(assize_pch PRIVATE assize_flags fmt::fmt)
target_precompile_headers(assize_pch PRIVATE
  <algorithm> <chrono> <cstdint> <functional> <map> <memory> <optional> <span> <string> <string_view> <utility>
  <variant> <vector> <fmt/core.h> <tl/expected.hpp>)

# And one for the unit tests, which are many, and not optimised: a test is compiled more often than it is run.
if(ASSIZE_TESTS)
  add_library(assize_test_pch OBJECT ${CMAKE_BINARY_DIR}/generated/pch.cc)
  target_link_libraries(assize_test_pch PRIVATE assize_flags fmt::fmt GTest::gmock)
  target_compile_options(assize_test_pch PRIVATE -O0)
  target_precompile_headers(assize_test_pch PRIVATE
    <algorithm> <functional> <map> <memory> <optional> <string> <string_view> <utility> <vector>
    <fmt/core.h> <gmock/gmock.h> <gtest/gtest.h> <tl/expected.hpp>)
endif()

function(assize_folder NAME)
  cmake_parse_arguments(ARG "" "" "USES;LIBS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${NAME}/*.cc)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "(_test|/main)\\.cc$")
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  set(target assize_${NAME})
  if(NOT sources)
    file(WRITE ${CMAKE_BINARY_DIR}/generated/${NAME}_empty.cc "")
    set(sources ${CMAKE_BINARY_DIR}/generated/${NAME}_empty.cc)
  endif()
  add_library(${target} STATIC ${sources})
  target_precompile_headers(${target} REUSE_FROM assize_pch)
  target_link_libraries(${target} PRIVATE assize_flags fmt::fmt)
  foreach(used ${ARG_USES})
    target_link_libraries(${target} PUBLIC assize_${used})
  endforeach()
  if(ARG_LIBS)
    target_link_libraries(${target} ${ARG_LIBS})
  endif()
  if(EXISTS ${CMAKE_SOURCE_DIR}/src/${NAME}/CMakeLists.txt)
    add_subdirectory(${CMAKE_SOURCE_DIR}/src/${NAME})
  endif()
  if(ASSIZE_TESTS AND tests)
    add_executable(${target}_test ${tests})
    target_precompile_headers(${target}_test REUSE_FROM assize_test_pch)
    target_compile_options(${target}_test PRIVATE -O0)
    target_link_libraries(${target}_test PRIVATE assize_flags ${target} fmt::fmt GTest::gmock GTest::gtest_main)
    if(ARG_LIBS)
      set(test_libs ${ARG_LIBS})
      list(REMOVE_ITEM test_libs PUBLIC PRIVATE)
      target_link_libraries(${target}_test PRIVATE ${test_libs})
    endif()
    gtest_discover_tests(${target}_test DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 60)
  endif()
endfunction()

# The binary: src/cli/main.cc on top of the cli folder.
function(assize_program NAME)
  if(EXISTS ${CMAKE_SOURCE_DIR}/src/cli/main.cc)
    add_executable(${NAME} ${CMAKE_SOURCE_DIR}/src/cli/main.cc)
    target_link_libraries(${NAME} PRIVATE assize_flags assize_cli)
    install(TARGETS ${NAME})
  endif()
endfunction()

# Compiles files into the target as string constants: the bytes of prompts/review.md become
# `extern const std::string_view k_review_md` in namespace assize::embedded, declared in generated/<HEADER>.
function(assize_embed TARGET HEADER)
  set(out ${CMAKE_BINARY_DIR}/generated/${HEADER})
  string(REGEX REPLACE "\\.h$" ".cc" out_cc ${out})
  add_custom_command(
    OUTPUT ${out} ${out_cc}
    COMMAND ${CMAKE_COMMAND} -DOUT=${out} "-DFILES=${ARGN}" -P ${CMAKE_SOURCE_DIR}/cmake/Embed.cmake
    DEPENDS ${ARGN} ${CMAKE_SOURCE_DIR}/cmake/Embed.cmake
    VERBATIM)
  # A library of its own, as a custom command serves only targets of the directory that it stands in.
  string(MAKE_C_IDENTIFIER ${HEADER} id)
  add_library(${TARGET}_${id} STATIC ${out} ${out_cc})
  target_compile_features(${TARGET}_${id} PRIVATE cxx_std_20)
  target_link_libraries(${TARGET} PRIVATE ${TARGET}_${id})
endfunction()
