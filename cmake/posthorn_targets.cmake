# posthorn_room(NAME DEPS a b c): src/NAME/*.cpp becomes the library posthorn_NAME.
# A room is one folder, one namespace and one target; tools/tidy checks that its includes follow DEPS.
function(posthorn_room name)
  cmake_parse_arguments(ROOM "ASIO" "" "DEPS;EXTERNAL" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${name}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
  string(REPLACE "/" "_" target posthorn_${name})
  if(NOT sources)
    return()
  endif()
  add_library(${target} STATIC ${sources})
  target_include_directories(${target} PUBLIC ${CMAKE_SOURCE_DIR}/src ${CMAKE_BINARY_DIR}/generated)
  target_link_libraries(${target} PUBLIC posthorn_options ${ROOM_EXTERNAL})
  foreach(dep ${ROOM_DEPS})
    string(REPLACE "/" "_" dep ${dep})
    target_link_libraries(${target} PUBLIC posthorn_${dep})
  endforeach()
  if(ROOM_ASIO)
    target_link_libraries(${target} PUBLIC posthorn_asio)
    set_target_properties(${target} PROPERTIES POSTHORN_USES_ASIO TRUE)
  endif()
  if(ROOM_ASIO AND "Boost::json" IN_LIST ROOM_EXTERNAL)
    posthorn_use_precompiled(${target} asio_json)
  elseif(ROOM_ASIO)
    posthorn_use_precompiled(${target} asio)
  elseif("Boost::json" IN_LIST ROOM_EXTERNAL)
    posthorn_use_precompiled(${target} json)
  else()
    posthorn_use_precompiled(${target} std)
  endif()
endfunction()

# posthorn_embed_sql(TARGET DIR): every DIR/NNNN_name.sql becomes an entry of store/sqlite's migration list, in order.
function(posthorn_embed_sql target directory)
  file(GLOB scripts CONFIGURE_DEPENDS ${directory}/*.sql)
  list(SORT scripts)
  set(entries "")
  foreach(script ${scripts})
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${script})
    file(READ ${script} text)
    string(APPEND entries "    R\"sql(${text})sql\",\n")
  endforeach()
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/generated/store/sqlite/migration_scripts.inc CONTENT "@entries@" @ONLY)
endfunction()

# Of TARGET, and of `generated`: what clang-tidy needs beside the sources.
function(posthorn_add_generated target out)
  target_sources(${target} PRIVATE ${out})
  set_property(GLOBAL APPEND PROPERTY posthorn_generated ${out})
endfunction()

# posthorn_embed_json(TARGET SOURCE.yaml|json ROOM/NAME.inc): a document becomes generated/ROOM/NAME.inc, as compact JSON.
function(posthorn_embed_json target source name)
  find_package(Python3 REQUIRED COMPONENTS Interpreter)
  set(script ${CMAKE_SOURCE_DIR}/tools/embed_json.py)
  set(out ${CMAKE_BINARY_DIR}/generated/${name})
  cmake_path(GET out PARENT_PATH folder)
  file(MAKE_DIRECTORY ${folder})
  add_custom_command(OUTPUT ${out}
    COMMAND Python3::Interpreter -B ${script} ${source} ${out}
    DEPENDS ${source} ${script} VERBATIM)
  posthorn_add_generated(${target} ${out})
endfunction()

# posthorn_embed_data(TARGET ROOM): every src/ROOM/data/NAME.json becomes generated/ROOM/NAME.inc.
function(posthorn_embed_data target room)
  file(GLOB documents CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${room}/data/*.json)
  foreach(document ${documents})
    cmake_path(GET document STEM LAST_ONLY name)
    posthorn_embed_json(${target} ${document} ${room}/${name}.inc)
  endforeach()
endfunction()

# posthorn_embed_files(TARGET FOLDER ROOM/NAME.inc): every file of FOLDER, for browsers, as an entry of a table.
function(posthorn_embed_files target folder name)
  find_package(Python3 REQUIRED COMPONENTS Interpreter)
  set(script ${CMAKE_SOURCE_DIR}/tools/embed_files.py)
  set(out ${CMAKE_BINARY_DIR}/generated/${name})
  cmake_path(GET out PARENT_PATH out_folder)
  file(MAKE_DIRECTORY ${out_folder})
  file(GLOB files CONFIGURE_DEPENDS ${folder}/*)
  add_custom_command(OUTPUT ${out}
    COMMAND Python3::Interpreter -B ${script} ${folder} ${out}
    DEPENDS ${files} ${script} VERBATIM)
  posthorn_add_generated(${target} ${out})
endfunction()

# posthorn_embed_console(TARGET FOLDER ROOM/NAME.inc): the console of FOLDER, built by npm from its sources and from the
# API's description inside the build tree, as posthorn_embed_files does with what needs no building.
function(posthorn_embed_console target folder name)
  find_package(Python3 REQUIRED COMPONENTS Interpreter)
  find_program(NPM npm REQUIRED)
  set(script ${CMAKE_SOURCE_DIR}/tools/embed_files.py)
  set(description ${CMAKE_SOURCE_DIR}/openapi.yaml)
  set(place ${CMAKE_BINARY_DIR}/console)
  set(out ${CMAKE_BINARY_DIR}/generated/${name})
  cmake_path(GET out PARENT_PATH out_folder)
  file(MAKE_DIRECTORY ${out_folder})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${folder}/src/*)
  set(packages ${folder}/package.json ${folder}/package-lock.json)
  set(settings ${folder}/index.html ${folder}/tsconfig.json ${folder}/vite.config.ts)
  add_custom_command(OUTPUT ${place}/packages.stamp
    COMMAND ${CMAKE_COMMAND} -E make_directory ${place}
    COMMAND ${CMAKE_COMMAND} -E copy ${packages} ${place}
    COMMAND ${NPM} ci --prefix ${place} --ignore-scripts --no-audit --no-fund --prefer-offline --loglevel=error
    COMMAND ${CMAKE_COMMAND} -E touch ${place}/packages.stamp
    DEPENDS ${packages} COMMENT "Fetching the console's packages" VERBATIM)
  add_custom_command(OUTPUT ${out}
    COMMAND ${CMAKE_COMMAND} -E rm -rf ${place}/src
    COMMAND ${CMAKE_COMMAND} -E copy_directory ${folder}/src ${place}/src
    COMMAND ${CMAKE_COMMAND} -E copy ${settings} ${place}
    COMMAND ${CMAKE_COMMAND} -E chdir ${place} ${CMAKE_COMMAND} -E env POSTHORN_OPENAPI=${description} ${NPM} run --silent build
    COMMAND Python3::Interpreter -B ${script} ${place}/dist ${out}
    DEPENDS ${place}/packages.stamp ${sources} ${settings} ${description} ${script}
    COMMENT "Building the console" VERBATIM)
  posthorn_add_generated(${target} ${out})
endfunction()
